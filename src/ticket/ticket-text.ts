import { runStepsInTurns, type Steps } from '../base/steps.ts';
import { chaserPhrases, comparable } from './parts/words.ts';
import { type EarlierText, readTicket } from './read-ticket.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';

export type TicketText = {
  readonly subject: string;
  /** What the customer says now, and what that answers where it says too little alone. */
  readonly body: string;
  /** The subject and, on the next line, the body; never empty for a ticket with text. */
  readonly text: string;
  /** What the customer says now, alone; empty where the ticket is a subject alone. */
  readonly own: string;
  /** Older messages that came with it. */
  readonly earlier: readonly EarlierText[];
};

/** A reply with fewer letters ("see below", "yes please") says too little. */
const MIN_LETTERS_ALONE = 18;
/** Letters of a reply that may be nothing more than a question about an earlier one. */
const MAX_CHASER_LETTERS = 160;
/** The customer refers to the quoted thread: "see below for the whole story". */
const pointsBelow =
  /\b(?:see|read|find|described|explained|mentioned|thread|mail|message|history|story) (?:[a-z]{1,10} ){0,2}below\b|\bbelow (?:for|is|you)\b|\b(?:siehe|s\.|weiter) unten\b|\buntenstehend|ci-dessous|plus bas|\b(?:ver|véase|vea|mire|lea) (?:más )?abajo|a continuación|\b(?:ver|veja|leia) abaixo|下記|以下の(?:メール|やりとり|通り)|أدناه/i;

/**
 * Returns the ticket as plain text for classifiers: what the customer says now. Quoted messages are added only where the
 * customer's words alone cannot be understood.
 */
export function ticketText(ticket: Ticket | IncomingTicket): TicketText {
  const { subject, own, earlier } = readTicket(ticket);
  const body = earlier.length > 0 && needsEarlier(own) ? [own, ...earlier.map(({ text }) => text)].join('\n\n') : own;
  const text = [subject, body].filter((part) => part !== '').join('\n');
  return { subject, body, text: text || `${ticket.subject ?? ''}${ticket.body ?? ''}`, own, earlier };
}

/** True where the customer's words refer to an earlier message and say little themselves. */
export function needsEarlier(own: string): boolean {
  const letters = countLetters(own);
  return letters < MIN_LETTERS_ALONE || pointsBelow.test(own) || (letters < MAX_CHASER_LETTERS && isChaser(own));
}

/** "Any news on this?": what it is about is in the earlier message. */
function isChaser(own: string): boolean {
  const text = comparable(own);
  return chaserPhrases.some((phrase) => text.includes(phrase));
}

/** Counts letters in the first 1,000 characters. A letter of a script without spaces counts three times. */
function countLetters(text: string): number {
  const sample = text.slice(0, 1_000);
  const dense = sample.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0;
  return (sample.match(/\p{L}/gu)?.length ?? 0) + 2 * dense;
}

/** Returns the texts of many tickets in the same order, with pauses for other work of the thread. */
export function ticketTextsInTurns(tickets: readonly Ticket[]): Promise<TicketText[]> {
  return runStepsInTurns(ticketTextSteps(tickets));
}

function* ticketTextSteps(tickets: readonly Ticket[]): Steps<TicketText[]> {
  const texts: TicketText[] = [];
  for (const ticket of tickets) {
    yield (ticket.subject ?? '').length + (ticket.body ?? '').length;
    texts.push(ticketText(ticket));
  }
  return texts;
}
