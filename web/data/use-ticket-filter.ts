import { useSearch } from '@tanstack/react-router';
import { parseTicketFilter, type TicketFilter } from './ticket-filter.ts';

/** The filter in the address. The router passes on what else stands there, which the server would refuse. */
export function useTicketFilter(): TicketFilter {
  return useSearch({ from: '/shell/tickets', select: parseTicketFilter, structuralSharing: true });
}
