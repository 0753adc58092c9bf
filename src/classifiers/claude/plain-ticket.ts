import type { Ticket } from '../../ticket/ticket.ts';
import { type TicketText, ticketText } from '../../ticket/ticket-text.ts';

const known = new WeakMap<Ticket, TicketText>();

/** `ticketText`, worked out once for each ticket object: search, request and language all need it. */
export function plainTicket(ticket: Ticket): TicketText {
  const before = known.get(ticket);
  if (before !== undefined) return before;
  const text = ticketText(ticket);
  known.set(ticket, text);
  return text;
}
