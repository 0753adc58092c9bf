import { Loader } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from './failure.tsx';

/** What a query has brought, or that it is on its way, or what it failed with and a button to try again. */
export function QueryView<Data>(props: {
  query: UseQueryResult<Data>;
  /** What is being loaded, for screen readers. */
  loading: string;
  children(data: Data): ReactNode;
}) {
  const { query, loading, children } = props;
  if (query.isPending) return <Loader m="xl" role="status" aria-label={loading} />;
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return children(query.data);
}
