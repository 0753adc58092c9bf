import { queryOptions } from '@tanstack/react-query';
import type { Comparison, Run, RunList } from './api-types.ts';
import { callApi } from './call-api.ts';

const MAX_RUNS = 100;

export const runsQuery = queryOptions({
  queryKey: ['runs'],
  queryFn: ({ signal }) => callApi<RunList>('/v1/runs', { query: { limit: MAX_RUNS }, signal }),
});

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }) => callApi<Run>(`/v1/runs/${encodeURIComponent(id)}`, { signal }),
  });

export const reportPath = (id: string) => `/v1/runs/${encodeURIComponent(id)}/report`;

export const comparisonQuery = (runs: { first: string; second: string }) =>
  queryOptions({
    queryKey: ['comparison', runs],
    queryFn: ({ signal }) => callApi<Comparison>('/v1/comparisons', { query: runs, signal }),
  });
