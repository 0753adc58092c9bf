import { Loader } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isRefusal } from '../data/call-api.ts';
import { Failure } from './failure.tsx';

/**
 * What a query has brought, or that it is on its way, or what it failed with and a button to try again. What was brought
 * before stays below a failure, unless the server says that it is not, or no longer, for this person.
 */
export function QueryView<Data>(props: {
  query: UseQueryResult<Data>;
  /** What is being loaded, for screen readers. */
  loading: string;
  /** Frames a failure that is all there is to show. */
  alone?(failure: ReactNode): ReactNode;
  children(data: Data): ReactNode;
}) {
  const { query, loading, alone = (failure) => failure, children } = props;
  if (query.isPending) return <Loader m="xl" role="status" aria-label={loading} />;
  const failure = query.isError && <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.isLoadingError || isRefusal(query.error)) return alone(failure);
  return (
    <>
      {failure}
      {children(query.data)}
    </>
  );
}
