import { queryOptions } from '@tanstack/react-query';
import type { Setup } from './api-types.ts';
import { callApi } from './call-api.ts';

/** What runs here: teams, connectors, engine, learning. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => callApi<Setup>('/v1/setup', { signal }),
  staleTime: 300_000,
});
