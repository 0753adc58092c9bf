import { queryOptions } from '@tanstack/react-query';
import type { Doctor } from './api-types.ts';
import { callApi } from './call-api.ts';

/** What an examination of the server finds. It may take seconds; the server keeps it for half a minute. */
export const doctorQuery = queryOptions({
  queryKey: ['doctor'],
  queryFn: ({ signal }) => callApi<Doctor>('/v1/doctor', { signal }),
  staleTime: 30_000,
});
