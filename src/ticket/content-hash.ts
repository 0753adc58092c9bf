import { sha256 } from '../base/hash.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';

/**
 * Hash of a ticket's content: SHA-256 in hex over subject, body, channel, language and the requester's name, address
 * and tier. The same content with the same key is the same ticket. Left out are id and source (the key itself),
 * `createdAt` (a client that sends again often sets a new time), tags (a delivery adds some) and the requester's
 * attributes. No classifier and no rule reads the attributes, and helpdesks change them all the time (`last_seen`):
 * each change would be classified and paid again.
 */
export function ticketContentHash(ticket: Ticket | IncomingTicket): string {
  const requester = ticket.requester ?? {};
  const content = [
    ticket.subject ?? '',
    ticket.body ?? '',
    ticket.channel ?? '',
    ticket.language ?? '',
    requester.name ?? '',
    requester.email ?? '',
    requester.tier ?? '',
  ];
  return sha256(JSON.stringify(content));
}

/**
 * True when a stored ticket has the content of this hash. Hashes that version 0.1.0 stored also cover the attributes,
 * so if the stored hash differs, it is computed again.
 */
export function hasSameContent(
  stored: { readonly contentHash: string; readonly ticket: Ticket },
  contentHash: string,
): boolean {
  return stored.contentHash === contentHash || ticketContentHash(stored.ticket) === contentHash;
}
