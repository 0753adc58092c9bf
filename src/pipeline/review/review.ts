import type { ReviewStore } from '../../store/review-store.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { type GivenVerdict, giveVerdict, type VerdictRequest } from './give-verdict.ts';
import { type HeldItems, type HoldRequest, holdItems } from './hold-items.ts';
import type { GivenItem } from './review-context.ts';
import { undoVerdict } from './undo-verdict.ts';

/** What waits for people, and what they say of it. */
export type Review = Pick<ReviewStore, 'counts' | 'countDone'> & {
  /** Holds the next items for a reviewer. Throws InputError for an unknown intent. */
  next(request: HoldRequest): Promise<HeldItems>;
  /** Throws NotFoundError, InputError, ConflictError when the item is done or somebody else holds it. */
  decide(request: VerdictRequest): Promise<GivenVerdict>;
  /** Takes a verdict back. Throws NotFoundError, ConflictError. */
  undo(request: Parameters<typeof undoVerdict>[1]): Promise<GivenItem>;
};

export function createReview(context: PipelineContext): Review {
  const { reviews } = context.store;
  return {
    next: (request) => holdItems(context, request),
    decide: (request) => giveVerdict(context, request),
    undo: (request) => undoVerdict(context, request),
    counts: () => reviews.counts(),
    countDone: (request) => reviews.countDone(request),
  };
}
