import { sha256 } from '../base/hash.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';

/**
 * Hash of what a ticket says: SHA-256 in hex over subject, body, channel, language and requester. The same content
 * under the same key is the same ticket. Left out: id and source (the key itself), `createdAt` (a client that sends
 * again often stamps anew) and tags (delivering a decision adds some, which must not look like a new revision).
 */
export function ticketContentHash(ticket: Ticket | IncomingTicket): string {
  const requester = ticket.requester ?? {};
  const attributes = Object.entries(requester.attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const content = [
    ticket.subject ?? '',
    ticket.body ?? '',
    ticket.channel ?? '',
    ticket.language ?? '',
    requester.name ?? '',
    requester.email ?? '',
    requester.tier ?? '',
    attributes,
  ];
  return sha256(JSON.stringify(content));
}
