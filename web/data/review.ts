import { queryOptions } from '@tanstack/react-query';
import type {
  ExamplePage,
  Feedback,
  GivenFeedback,
  ReviewBatch,
  ReviewItem,
  ReviewKind,
  ReviewRequest,
  ReviewState,
  VerdictBody,
  VerdictResult,
} from './api-types.ts';
import { callApi } from './call-api.ts';

/** Kinds of items, in the order in which the page shows them; the last two are for leads. */
export const reviewKinds = ['abstained', 'unsure', 'moved', 'correction', 'example'] as const satisfies ReviewKind[];
export const leadKinds: readonly ReviewKind[] = ['correction', 'example'];

/** What the reviewer wants to see. It stands in the address. */
export type ReviewFilter = { readonly kind?: ReviewKind; readonly team?: string };

export function parseReviewFilter(search: Readonly<Record<string, unknown>>): ReviewFilter {
  const { kind, team } = search;
  const known = reviewKinds.find((name) => name === kind);
  const named = typeof team === 'string' || typeof team === 'number' ? String(team) : '';
  return { ...(known !== undefined && { kind: known }), ...(named !== '' && { team: named }) };
}

/** What waits, and what was done since midnight here. */
export const reviewStateQuery = () => {
  const since = new Date(new Date().setHours(0, 0, 0, 0)).toISOString();
  return queryOptions({
    queryKey: ['review', since],
    queryFn: ({ signal }) => callApi<ReviewState>('/v1/review', { query: { since }, signal }),
    refetchInterval: 30_000,
  });
};

/** The text of an example that was not made from a ticket. */
export const waitingExampleQuery = (exampleId: string) =>
  queryOptions({
    queryKey: ['waiting-example', exampleId],
    queryFn: async ({ signal }) => {
      const page = await callApi<ExamplePage>('/v1/examples', { query: { state: 'waiting', limit: 200 }, signal });
      return page.items.find(({ example }) => example.id === exampleId)?.example ?? null;
    },
  });

/** The calls of a review. Each throws ApiError. */
export const reviewApi = {
  next: (request: ReviewRequest) => callApi<ReviewBatch>('/v1/review/next', { method: 'POST', body: request }),
  /** Is sent even while the page is being closed. */
  leave: (reviewer: string) =>
    callApi<ReviewBatch>('/v1/review/next', { method: 'POST', body: { reviewer, count: 0 }, keepalive: true }),
  decide: (id: number, verdict: VerdictBody) =>
    callApi<VerdictResult>(`/v1/review/${id}`, { method: 'POST', body: verdict }),
  undo: (id: number, reviewer: string) =>
    callApi<ReviewItem>(`/v1/review/${id}/verdict`, { method: 'DELETE', query: { reviewer } }),
  /** Says something of a ticket besides; returns the id of the feedback. */
  say: async (ticketId: string, feedback: Feedback) => {
    const path = `/v1/tickets/${encodeURIComponent(ticketId)}/feedback`;
    return (await callApi<GivenFeedback>(path, { method: 'POST', body: feedback })).id;
  },
  takeBack: (ticketId: string, feedbackId: number) =>
    callApi<null>(`/v1/tickets/${encodeURIComponent(ticketId)}/feedback/${feedbackId}`, { method: 'DELETE' }),
};
export type ReviewApi = typeof reviewApi;
