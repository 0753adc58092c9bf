import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ExamplePage, ExampleQuery } from './api-types.ts';
import { callApi } from './call-api.ts';

const PAGE_SIZE = 25;

/** The examples that fit, page by page. */
export const examplesQuery = (filter: ExampleQuery) =>
  infiniteQueryOptions({
    queryKey: ['examples', filter],
    queryFn: ({ pageParam, signal }) =>
      callApi<ExamplePage>('/v1/examples', { query: { ...filter, limit: PAGE_SIZE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** Approves an example that waits, or removes one; lists and numbers are loaded again. */
export function useExampleChange(id: string) {
  const client = useQueryClient();
  const path = `/v1/examples/${encodeURIComponent(id)}`;
  return useMutation({
    mutationFn: (change: 'approve' | 'remove') =>
      change === 'approve' ? callApi(`${path}/approve`, { method: 'POST' }) : callApi(path, { method: 'DELETE' }),
    onSuccess: () =>
      Promise.all(['examples', 'taxonomy', 'review'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
