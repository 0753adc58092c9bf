import { sha256 } from '../base/hash.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';

/**
 * Hash of what a ticket says and who says it: SHA-256 in hex over subject, body, channel, language and the requester's
 * name, address and tier. The same content under the same key is the same ticket. Left out: id and source (the key
 * itself), `createdAt` (a client that sends again often stamps anew), tags (delivering a decision adds some) and the
 * requester's attributes, which no classifier and no rule reads: a helpdesk changes them (`last_seen`) all the time, and
 * each change would be classified, and paid, again.
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
 * True for a stored ticket that says the same as the one whose hash this is. Version 0.1.0 counted the attributes in, so
 * a stored hash that differs is worked out anew.
 */
export function hasSameContent(
  stored: { readonly contentHash: string; readonly ticket: Ticket },
  contentHash: string,
): boolean {
  return stored.contentHash === contentHash || ticketContentHash(stored.ticket) === contentHash;
}
