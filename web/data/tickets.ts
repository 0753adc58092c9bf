import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Ticket, TicketPage, TicketRow } from './api-types.ts';
import { callApi } from './call-api.ts';
import type { TicketFilter } from './ticket-filter.ts';

const PAGE_SIZE = 100;
/** As many as the API takes in one request. */
const MAX_IDS = 100;

export type TicketPages = { readonly pages: readonly TicketPage[]; readonly pageParams: readonly (string | null)[] };

export const ticketsKey = (filter: TicketFilter) => ['tickets', filter] as const;

/** The tickets that fit the filter, newest first, page by page. */
export const ticketsQuery = (filter: TicketFilter) =>
  infiniteQueryOptions({
    queryKey: ticketsKey(filter),
    queryFn: ({ pageParam, signal }) => fetchPage({ filter, cursor: pageParam, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // Events bring what is new. Fetching every page again would take longer with each page that was scrolled to.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

export const ticketQuery = (ticketId: string) =>
  queryOptions({
    queryKey: ['ticket', ticketId],
    queryFn: ({ signal }) => callApi<Ticket>(`/v1/tickets/${encodeURIComponent(ticketId)}`, { signal }),
  });

function fetchPage(options: {
  filter: TicketFilter;
  cursor: string | null;
  signal?: AbortSignal;
}): Promise<TicketPage> {
  const { filter, cursor, signal } = options;
  return callApi<TicketPage>('/v1/tickets', { query: { ...filter, limit: PAGE_SIZE, cursor }, signal });
}

/**
 * Brings a list up to date: the newest page again, and the rows of `changed` that are further down. Rows stay where they
 * are; what is new comes before them. Where more is new than a page holds, the list starts anew.
 */
export async function refreshPages(options: {
  filter: TicketFilter;
  held: TicketPages;
  changed: ReadonlySet<string>;
}): Promise<TicketPages> {
  const { filter, held, changed } = options;
  const newest = await fetchPage({ filter, cursor: null });
  const rows = held.pages.flatMap(({ items }) => items);
  const known = new Set(rows.map(({ ticketId }) => ticketId));
  const overlaps =
    rows.length === 0 || newest.nextCursor === null || newest.items.some(({ ticketId }) => known.has(ticketId));
  if (!overlaps) return { pages: [newest], pageParams: [null] };
  const fetched = new Map(newest.items.map((row) => [row.ticketId, row]));
  const further = [...changed].filter((id) => known.has(id) && !fetched.has(id)).slice(0, MAX_IDS);
  if (further.length > 0) {
    const { items } = await callApi<TicketPage>('/v1/tickets', {
      query: { ids: further.join(','), limit: further.length },
    });
    for (const row of items) fetched.set(row.ticketId, row);
  }
  return mergeRows({ held, newest, fetched });
}

/** Puts rows that are not in the list before it, and replaces those that are. */
export function mergeRows(options: {
  held: TicketPages;
  newest: TicketPage;
  fetched: ReadonlyMap<string, TicketRow>;
}): TicketPages {
  const { held, newest, fetched } = options;
  const [first, ...others] = held.pages;
  if (first === undefined || first.items.length === 0) return { pages: [newest], pageParams: [null] };
  const known = new Set(held.pages.flatMap(({ items }) => items.map(({ ticketId }) => ticketId)));
  const added = newest.items.filter(({ ticketId }) => !known.has(ticketId));
  const update = (page: TicketPage): TicketPage => {
    if (!page.items.some(({ ticketId }) => fetched.has(ticketId))) return page;
    return { ...page, items: page.items.map((row) => fetched.get(row.ticketId) ?? row) };
  };
  const updated = update(first);
  const start = added.length === 0 ? updated : { ...updated, items: [...added, ...updated.items] };
  return { pages: [start, ...others.map(update)], pageParams: held.pageParams };
}
