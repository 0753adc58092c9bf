import { type Actor, isSameActor } from '../../base/actor.ts';
import { ConflictError } from '../../errors.ts';
import type { HeldItem, Holder, ReviewItem } from '../../store/review-store.ts';
import { nameSkipper, reviewerOf } from '../../store/reviews.ts';
import type { StoreTransaction } from '../../store/store.ts';
import { changeFeedback, type FeedbackWork, isMoveQuestion } from '../learn/apply-feedback.ts';
import { undoWithin } from '../learn/undo-feedback.ts';
import { describeWaiting, waitAgainWithin } from '../learn/wait-again.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import type { VerdictRequest } from './give-verdict.ts';
import { assertFree, assertItem, type GivenItem, HOLD_MS, present } from './review-context.ts';

/**
 * Takes a verdict back, with what followed from it, and holds the item again for whoever gave it. Throws NotFoundError, and
 * ConflictError when there is no verdict of this actor, or when something has happened since.
 */
export async function undoVerdict(
  context: PipelineContext,
  request: { readonly id: number; readonly actor: Actor; readonly reviewer: string | null } & Pick<
    VerdictRequest,
    'assertKind'
  >,
): Promise<GivenItem> {
  const { store } = context;
  const { id, actor } = request;
  const item = assertItem(await store.reviews.get(id), id);
  request.assertKind?.(item.kind);
  const holder = { actor, reviewer: request.reviewer ?? reviewerOf(item.holder) };
  const { ticketId, feedbackId, verdict } = item;
  if (!item.isDone) {
    return present(await store.transaction((transaction) => unskip(transaction, { id, holder })));
  }
  assertOwn(item, holder);
  if (ticketId === null || (feedbackId === null && verdict !== 'right' && verdict !== 'wrong')) {
    return present(await store.transaction((transaction) => takeBackExample(transaction, { id, holder })));
  }
  const work = (on: FeedbackWork) => takeBack(context, on, { id, holder });
  return present(await changeFeedback(context, { ticketId, learns: true, work }));
}

type Request = { readonly id: number; readonly holder: Holder };

async function unskip(transaction: StoreTransaction, { id, holder }: Request): Promise<HeldItem> {
  const item = assertItem(await transaction.reviews.lock(id), id);
  if (item.isDone || !item.skippedBy.includes(nameSkipper(holder.actor))) throw noVerdict(item);
  assertFree(item, holder);
  return transaction.reviews.reopen({ id, holder, holdMs: HOLD_MS });
}

async function takeBack(context: PipelineContext, work: FeedbackWork, { id, holder }: Request): Promise<HeldItem> {
  const { transaction, stored } = work;
  const { actor } = holder;
  const ticketId = stored.id;
  const item = assertItem(await transaction.reviews.lock(id), id);
  assertOwn(item, holder);
  if (item.revision !== null && item.revision !== stored.revision) {
    throw new ConflictError(
      `The ticket "${ticketId}" has changed since: a newer message asks for a review of its own. To take back what was said, undo the feedback on the ticket.`,
    );
  }
  const { verdict, kind, why, feedbackId, answerId } = item;
  const reopen = () => transaction.reviews.reopen({ id, holder, holdMs: HOLD_MS });
  let reopened: HeldItem | null = null;
  const record = async () => {
    // A move that was made here was never waiting.
    const moved = kind === 'moved' ? work.feedback.find((entry) => entry.id === feedbackId) : undefined;
    if (moved !== undefined && isMoveQuestion(moved)) {
      await transaction.feedback.restore({ id: moved.id, state: 'waiting', why });
    }
    reopened = await reopen();
  };
  if (verdict === 'right' || verdict === 'wrong') {
    if (answerId === null) throw noVerdict(item);
    await undoWithin(context, work, { ticketId, feedbackId: answerId, actor, record });
  } else {
    if (feedbackId === null) throw noVerdict(item);
    const was = verdict === 'approve' ? 'approved' : 'rejected';
    const waits = kind === 'correction' ? 'feedback' : 'example';
    await waitAgainWithin(context, work, { ticketId, feedbackId, actor, why, was, waits, record });
  }
  return reopened ?? reopen();
}

async function takeBackExample(transaction: StoreTransaction, { id, holder }: Request): Promise<HeldItem> {
  const { exampleId } = assertItem(await transaction.reviews.get(id), id);
  const [example] = exampleId === null ? [] : await transaction.examples.lock([exampleId]);
  const item = assertItem(await transaction.reviews.lock(id), id);
  assertOwn(item, holder);
  if (example === undefined || item.verdict !== 'approve') {
    throw new ConflictError(`The example of the review item ${id} was removed with its words. Import it again.`);
  }
  await transaction.examples.upsert([{ ...example, state: 'waiting', why: item.why }]);
  const reopened = await transaction.reviews.reopen({ id, holder, holdMs: HOLD_MS });
  const { ticketId } = item;
  await transaction.history.append([describeWaiting({ ticketId, feedbackId: null, exampleId, actor: holder.actor })]);
  return reopened;
}

function assertOwn(item: ReviewItem, { actor }: Holder): void {
  if (!item.isDone || item.verdict === null) throw noVerdict(item);
  if (item.doneBy !== null && isSameActor(item.doneBy, actor)) return;
  throw new ConflictError(
    `Somebody else gave the verdict on the review item ${item.id}. Only they can take it back here; the feedback can be undone on the ticket.`,
  );
}

const noVerdict = ({ id }: ReviewItem) =>
  new ConflictError(`There is no verdict on the review item ${id} to take back. It may have been taken back already.`);
