import { queryOptions } from '@tanstack/react-query';
import type { CountQuery, Counts } from './api-types.ts';
import { callApi } from './call-api.ts';

/** How many tickets of the last 30 days have each value. */
export const countsQuery = (query: CountQuery) =>
  queryOptions({
    queryKey: ['counts', query],
    queryFn: ({ signal }) => callApi<Counts>('/v1/counts', { query, signal }),
    staleTime: 60_000,
  });
