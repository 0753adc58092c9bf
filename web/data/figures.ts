import { queryOptions } from '@tanstack/react-query';
import type { Corrections, Health, Series, SeriesQuery, Spending } from './api-types.ts';
import { callApi } from './call-api.ts';

/** Figures are fetched again so often while they are on the screen. */
const REFRESH_MS = 60_000;
const kept = { staleTime: REFRESH_MS / 2, refetchInterval: REFRESH_MS };

/** Figures of tickets for each hour or day of a time. */
export const seriesQuery = (query: SeriesQuery) =>
  queryOptions({
    queryKey: ['series', query],
    queryFn: ({ signal }) => callApi<Series>('/v1/series', { query, signal }),
    ...kept,
  });

export const spendingQuery = queryOptions({
  queryKey: ['spending'],
  queryFn: ({ signal }) => callApi<Spending>('/v1/spending', { signal }),
  ...kept,
});

/** What people said instead of what classifications said. */
export const correctionsQuery = (query: { since: string }) =>
  queryOptions({
    queryKey: ['corrections', query],
    queryFn: ({ signal }) => callApi<Corrections>('/v1/corrections', { query, signal }),
    ...kept,
  });

/** How many tickets wait, and for how long. */
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => callApi<Health>('/readyz', { signal }),
  ...kept,
});
