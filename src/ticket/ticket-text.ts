import { runStepsInTurns, type Steps } from '../base/steps.ts';
import { htmlToText, looksLikeHtml } from './html-text.ts';
import { replyText } from './reply-text.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';

export type TicketText = {
  readonly subject: string;
  readonly body: string;
  /** Subject and body, one below the other; never empty. */
  readonly text: string;
};

/** `Re:`, `AW:`, … in front of a subject; at most a few, however many there are. */
const replyPrefix =
  /^\s*(?:(?:re|aw|sv|rv|tr|rép|réf|res|ref|fwd?|wg|enc|antw|返信|転送|رد)\s?(?:\[\d{1,3}\])?\s?[:：]\s*){1,20}/i;

/**
 * The ticket as plain text for classifiers: HTML converted, quoted replies and signatures taken out, invisible
 * characters dropped. What would leave nothing (only emoji, only a picture, only a quotation) is kept as it came.
 */
export function ticketText(ticket: Ticket | IncomingTicket): TicketText {
  const rawSubject = ticket.subject ?? '';
  const rawBody = ticket.body ?? '';
  const subject = tidy(rawSubject.replace(replyPrefix, '')) || tidy(rawSubject);
  const plain = looksLikeHtml(rawBody) ? htmlToText(rawBody) : rawBody;
  const body = tidy(replyText({ subject: rawSubject, body: plain })) || tidy(plain) || rawBody.trim();
  const text = [subject, body].filter((part) => part !== '').join('\n');
  return { subject, body, text: text || rawSubject + rawBody };
}

/** The texts of many tickets, with pauses for the other work of the thread. */
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

/** Drops what cannot be seen (zero-width and control characters) and white space that carries nothing. */
function tidy(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // Zero-width joiners stay: they hold emoji and letters of Arabic and Indic scripts together.
      .replace(/[\u00AD\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]/g, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is dropped.
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  );
}
