import { runStepsInTurns, type Steps } from '../base/steps.ts';
import { htmlToText, looksLikeHtml } from './html-text.ts';
import { replyText } from './reply-text.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';

export type TicketText = {
  readonly subject: string;
  readonly body: string;
  /** The subject and, on the next line, the body; never empty for a ticket with text. */
  readonly text: string;
};

/** Prefixes such as `Re:` and `AW:` at the start of a subject, at most 20. */
const replyPrefix =
  /^\s*(?:(?:re|aw|sv|rv|tr|rép|réf|res|ref|fwd?|wg|enc|antw|返信|転送|رد)\s?(?:\[\d{1,3}\])?\s?[:：]\s*){1,20}/i;

/**
 * Returns the ticket as plain text for classifiers: HTML is converted, and quoted replies, signatures and invisible
 * characters are removed. If nothing would remain (only a picture, only a quotation), the text is kept as it came.
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

/** Removes invisible characters (zero-width and control characters) and unneeded white space. */
function tidy(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // Zero-width joiners stay, because they join emoji and letters of Arabic and Indic scripts.
      .replace(/[\u00AD\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]/g, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: this pattern is there to drop control characters.
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  );
}
