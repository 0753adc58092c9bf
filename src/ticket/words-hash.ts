import { sha256 } from '../base/hash.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';
import { ticketText } from './ticket-text.ts';

/**
 * Hash of what a customer says, whoever says it: the own words of subject and body, without regard to case and white
 * space. Two tickets with the same hash ask for the same. Null for a ticket without words.
 */
export function wordsHash(ticket: Ticket | IncomingTicket): string | null {
  const { subject, body } = ticketText(ticket);
  const words = `${subject}\n${body}`.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return words === '' ? null : sha256(words);
}
