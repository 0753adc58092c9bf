import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Me } from './api-types.ts';
import { callApi } from './call-api.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => callApi<Me>('/v1/me', { signal }),
  staleTime: 60_000,
});

export const roles = ['viewer', 'agent', 'lead', 'admin'] as const;
export type Role = (typeof roles)[number];

/** True when the person who is signed in has this role or a higher one. False until that is known. */
export function useMay(role: Role): boolean {
  const { data } = useQuery(meQuery);
  return data !== undefined && roles.indexOf(data.role) >= roles.indexOf(role);
}
