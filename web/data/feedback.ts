import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Feedback, GivenFeedback } from './api-types.ts';
import { callApi } from './call-api.ts';

const pathOf = (ticketId: string) => `/v1/tickets/${encodeURIComponent(ticketId)}/feedback`;

/**
 * Gives feedback on a ticket and takes it back. `given` is the last one, until it is undone. `onGiven` is also called when the
 * component is gone by then.
 */
export function useGiveFeedback(ticketId: string, { onGiven }: { onGiven?: (feedback: Feedback) => void } = {}) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['ticket', ticketId] });
  const giving = useMutation({
    mutationFn: (feedback: Feedback) => callApi<GivenFeedback>(pathOf(ticketId), { method: 'POST', body: feedback }),
    onSuccess: (_, feedback) => {
      onGiven?.(feedback);
      return refresh();
    },
  });
  const undoing = useUndoFeedback(ticketId);
  return {
    give: giving.mutate,
    given: giving.data ?? null,
    undo: () => {
      if (giving.data !== undefined) undoing.mutate(giving.data.id, { onSuccess: () => giving.reset() });
    },
    error: giving.error ?? undoing.error,
    isPending: giving.isPending || undoing.isPending,
  };
}

export function useUndoFeedback(ticketId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (feedbackId: number) => callApi(`${pathOf(ticketId)}/${feedbackId}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['ticket', ticketId] }),
  });
}
