import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './call-api.ts';

/** What a second try may mend: the network, a server that starts or is busy. */
const isPassing = (error: unknown) =>
  error instanceof ApiError && (error.status === null || error.status === 429 || error.status >= 502);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
    },
  },
});
