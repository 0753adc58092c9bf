import { useMutation } from '@tanstack/react-query';
import type { IncomingTicket, Trial } from './api-types.ts';
import { callApi } from './call-api.ts';

/** Decides a ticket without storing it. */
export function useTrial() {
  return useMutation({
    mutationFn: (ticket: IncomingTicket) => callApi<Trial>('/v1/try', { method: 'POST', body: ticket }),
  });
}
