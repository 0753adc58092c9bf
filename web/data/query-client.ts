import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './call-api.ts';

/** What a second try may mend: the network, a server that starts or is busy. */
const isPassing = (error: unknown) =>
  error instanceof ApiError && (error.status === null || error.status === 429 || error.status >= 502);

/** A session that has ended is noticed by whatever asks first; the shell then leads to the sign-in page. */
const askWhoIsHere = (error: unknown, queryKey: readonly unknown[] = []) => {
  if (error instanceof ApiError && error.code === 'token-needed' && queryKey[0] !== 'me') {
    void queryClient.invalidateQueries({ queryKey: ['me'] });
  }
};

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, { queryKey }) => askWhoIsHere(error, queryKey) }),
  mutationCache: new MutationCache({ onError: (error) => askWhoIsHere(error) }),
  defaultOptions: {
    // Asked in any case: a browser without a network still reaches a server on its own machine, and an error says more
    // than a wait without an end.
    queries: {
      networkMode: 'always',
      refetchOnReconnect: true,
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
    },
    mutations: { networkMode: 'always' },
  },
});
