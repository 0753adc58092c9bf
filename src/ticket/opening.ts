import { readTicket } from './read-ticket.ts';
import type { IncomingTicket, Ticket } from './ticket.ts';

const MAX_OPENING = 160;
/** Characters of a body that are read for it: what a mail begins with stands there, and a long one would take long. */
const MAX_READ = 4_000;

/** How the customer's own words begin, on one line, for a list of tickets; null for a ticket with a subject, or without words. */
export function openingOf(ticket: Ticket | IncomingTicket): string | null {
  const { subject = '', body = '' } = ticket;
  if (subject.trim() !== '') return null;
  const { own } = readTicket(body.length > MAX_READ ? { ...ticket, body: body.slice(0, MAX_READ) } : ticket);
  const line = own.replace(/\s+/g, ' ').trim();
  if (line === '') return null;
  if (line.length <= MAX_OPENING) return line;
  const half = /[\ud800-\udbff]$/; // of a character that is cut in two
  return `${line.slice(0, MAX_OPENING).replace(half, '').trimEnd().toWellFormed()}…`;
}
