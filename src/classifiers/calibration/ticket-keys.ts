import { sha256 } from '../../base/hash.ts';
import { normaliseText } from '../../ticket/normalise-text.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { ticketText } from '../../ticket/ticket-text.ts';

const LENGTH = 16;

/** Short hashes of the id and of the normalised words of a ticket, to recognise it without keeping any of it. */
export function ticketKeys(ticket: Ticket): string[] {
  const text = normaliseText(ticketText(ticket).text);
  return [`id ${ticket.id}`, ...(text === '' ? [] : [`text ${text}`])].map((key) => sha256(key).slice(0, LENGTH));
}
