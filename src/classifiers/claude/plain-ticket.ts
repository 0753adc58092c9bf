import type { Ticket } from '../../ticket/ticket.ts';
import { type TicketText, ticketText } from '../../ticket/ticket-text.ts';

const known = new WeakMap<Ticket, TicketText>();

/** `ticketText`, computed once for each ticket object, because search, request and language detection all need it. */
export function plainTicket(ticket: Ticket): TicketText {
  const before = known.get(ticket);
  if (before !== undefined) return before;
  const text = ticketText(ticket);
  known.set(ticket, text);
  return text;
}
