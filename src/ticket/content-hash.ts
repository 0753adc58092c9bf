import { sha256 } from '../base/hash.ts';
import { readTicket } from './read-ticket.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';
import { ticketText } from './ticket-text.ts';

/**
 * Hash of a ticket's content: SHA-256 in hex over the words that are classified (the customer's own words, with what they
 * answer where they say too little alone), channel, language, the requester's name, address, tier and organisation, and
 * whether a machine wrote it. The same content with the same key is the same ticket: a helpdesk that sends the same words again
 * below `Re:`, or with a longer thread, another signature or as HTML, is not classified and paid again.
 *
 * Left out are id and source (the key itself), `createdAt` (a client that sends again often sets a new time), tags (a
 * delivery adds some), the group (a delivery changes it) and the requester's attributes, which helpdesks change all the time
 * (`last_seen`).
 */
export function ticketContentHash(ticket: Ticket | IncomingTicket): string {
  const requester = ticket.requester ?? {};
  const { subject, body, text } = ticketText(ticket);
  const content = [
    subject,
    // Without any words, the raw text: tickets of nothing but hidden text are not all the same ticket.
    body !== '' || subject !== '' ? body : text,
    ticket.channel ?? '',
    ticket.language ?? '',
    requester.name ?? '',
    requester.email ?? '',
    requester.tier ?? '',
    readTicket(ticket).automatic?.kind ?? '',
    // Last, and only where there is one: tickets without it keep their hash.
    ...(requester.organisation === undefined ? [] : [requester.organisation]),
  ];
  return sha256(JSON.stringify(content));
}

/**
 * True when a stored ticket has the content of this hash. Older versions stored hashes of the whole body, version 0.1.0 of
 * the attributes as well, so if the stored hash differs, it is computed again from the stored ticket.
 */
export function hasSameContent(
  stored: { readonly contentHash: string; readonly ticket: Ticket },
  contentHash: string,
): boolean {
  return stored.contentHash === contentHash || ticketContentHash(stored.ticket) === contentHash;
}
