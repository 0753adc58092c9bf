import { ConflictError, InputError, NotFoundError } from '../../errors.ts';
import type { ReviewKind, ReviewVerdict } from '../../store/review-kinds.ts';
import type { HeldItem, Holder, ReviewItem } from '../../store/review-store.ts';
import { nameHolder } from '../../store/reviews.ts';
import type { Feedback, StoreTransaction } from '../../store/store.ts';

/** For so long nobody else gets what somebody looks at; a page that is open asks again before. */
export const HOLD_MS = 5 * 60_000;

/** What `right` or `approve` says yes to. */
export type Suggestion = { readonly intent: string | null; readonly outOfScope: boolean; readonly team: string | null };

/** An item as a reviewer gets it. */
export type GivenItem = Pick<
  HeldItem,
  'id' | 'kind' | 'why' | 'ticketId' | 'feedbackId' | 'exampleId' | 'heldUntil'
> & {
  readonly suggestion: Suggestion | null;
};

const ticketVerdicts: readonly ReviewVerdict[] = ['right', 'wrong', 'skip'];
const feedbackVerdicts: readonly ReviewVerdict[] = ['approve', 'reject', 'skip'];
/** What can be said of an item. */
export const verdictsOf = (kind: ReviewKind): readonly ReviewVerdict[] =>
  kind === 'correction' || kind === 'example' ? feedbackVerdicts : ticketVerdicts;

export function present({ subject, ...item }: HeldItem): GivenItem {
  const { id, kind, why, ticketId, feedbackId, exampleId, heldUntil } = item;
  const suggestion = suggest(kind, subject);
  const isEmpty = suggestion.intent === null && suggestion.team === null && !suggestion.outOfScope;
  return { id, kind, why, ticketId, feedbackId, exampleId, heldUntil, suggestion: isEmpty ? null : suggestion };
}

function suggest(kind: ReviewKind, { team, decidedIntent, feedback, exampleIntent }: HeldItem['subject']): Suggestion {
  if (kind === 'example') return { intent: exampleIntent, outOfScope: exampleIntent === null, team: null };
  if (kind === 'correction') return suggestionOf(feedback ?? {});
  return { intent: decidedIntent, outOfScope: false, team: feedback?.team ?? team };
}

function suggestionOf({ intent, outOfScope, team }: Feedback): Suggestion {
  return { intent: intent ?? null, outOfScope: outOfScope ?? false, team: team ?? null };
}

/** Throws NotFoundError when the item is not there. */
export function assertItem(item: ReviewItem | null, id: number): ReviewItem {
  if (item !== null) return item;
  throw new NotFoundError(`There is no review item ${id}. Its ticket may have been erased; ask for the next one.`);
}

/** Locks an item for a reviewer. Throws NotFoundError, and ConflictError when it is done or somebody else holds it. */
export async function lockItem(transaction: StoreTransaction, id: number, holder: Holder): Promise<ReviewItem> {
  const item = assertItem(await transaction.reviews.lock(id), id);
  if (item.isDone) throw new ConflictError(describeDone(item));
  assertFree(item, holder);
  return item;
}

export function assertFree(item: ReviewItem, holder: Holder): void {
  if (!item.isHeld || item.holder === nameHolder(holder)) return;
  throw new ConflictError(`Somebody else looks at the review item ${item.id} now. Ask for the next one.`);
}

function describeDone({ id, verdict, doneBy }: ReviewItem): string {
  const who = doneBy === null ? '' : ` by ${doneBy.kind === 'user' ? doneBy.id : `the ${doneBy.kind} ${doneBy.id}`}`;
  const how = verdict === null ? 'was settled elsewhere: by feedback, or by a newer message' : `has a verdict${who}`;
  return `The review item ${id} ${how}. Ask for the next one.`;
}

/** An InputError about one field of a verdict. */
export const wrongVerdict = (path: string, message: string) =>
  new InputError({ message: `This verdict cannot be stored: ${path}: ${message}`, issues: [{ path, message }] });
