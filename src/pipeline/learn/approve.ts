import type { Actor } from '../../base/actor.ts';
import { nameActor } from '../../base/actor.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import type { NewHistoryEntry, StoredExample, StoreTransaction } from '../../store/store.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { applyFeedback, changeFeedback, type FeedbackWork } from './apply-feedback.ts';
import { feedbackExampleId } from './feedback-example.ts';
import { type FeedbackReference, findFeedback } from './undo-feedback.ts';

/**
 * Applies feedback that waited for a review: its example becomes active, and the ticket moves to its team. The feedback
 * that it contradicts stays in the history. Throws NotFoundError for an unknown ticket or feedback, and ConflictError
 * when neither the feedback nor its example waits.
 */
export async function approveFeedback(
  context: Pick<PipelineContext, 'store' | 'redaction'>,
  request: FeedbackReference,
): Promise<void> {
  const { ticketId } = request;
  await changeFeedback(context, { ticketId, learns: true, work: (work) => approveWithin(work, request) });
}

/** Approves feedback within a transaction; `record` runs before history is written, which others wait for. */
export async function approveWithin(
  work: FeedbackWork,
  request: FeedbackReference & { readonly record?: () => Promise<void> },
): Promise<void> {
  const { ticketId, feedbackId, actor, record } = request;
  const { transaction } = work;
  const entry = findFeedback(work.feedback, request);
  const example = work.examples.find((other) => other.example.id === feedbackExampleId(request));
  if (entry.state === 'undone' || (entry.state === 'applied' && example?.state !== 'waiting')) {
    throw new ConflictError(`Feedback ${feedbackId} does not wait for a review. Its state is "${entry.state}".`);
  }
  // Applied feedback has already moved the ticket, and somebody may have moved it since.
  const { team: _, ...withoutTeam } = entry.feedback;
  const feedback = entry.state === 'applied' ? withoutTeam : entry.feedback;
  await transaction.feedback.apply(feedbackId);
  await applyFeedback(work, { entry: { ...entry, state: 'applied', feedback }, exampleWaits: null });
  await record?.();
  await transaction.history.append([
    {
      ...approval({ actor, detail: `feedback ${feedbackId} was approved` }),
      ticketId,
      event: 'feedback-approved',
      facts: { feedbackId },
    },
  ]);
}

/**
 * Approves an example that waits for a review, together with the feedback that it was made from. Throws NotFoundError
 * for an unknown example, and ConflictError for one that does not wait.
 */
export async function approveExample(
  context: Pick<PipelineContext, 'store' | 'redaction'>,
  { id, actor }: { id: string; actor: Actor },
): Promise<void> {
  const [seen] = await context.store.examples.find([id]);
  const { ticketId, feedbackId } = assertWaiting(seen, id);
  if (ticketId !== null && feedbackId !== null) return approveFeedback(context, { ticketId, feedbackId, actor });
  await context.store.transaction((transaction) => approveExampleWithin(transaction, { id, actor }));
}

/** Approves an example that no feedback was made of, within a transaction; `record` as for feedback. */
export async function approveExampleWithin(
  transaction: StoreTransaction,
  { id, actor, record }: { id: string; actor: Actor; record?: () => Promise<void> },
): Promise<void> {
  // Somebody may have approved or removed it since it was read.
  const [found] = await transaction.examples.lock([id]);
  const waiting = assertWaiting(found, id);
  await transaction.examples.upsert([{ ...waiting, state: 'active', why: null }]);
  await record?.();
  await transaction.history.append([
    {
      ...approval({ actor, detail: `the example ${id} was approved` }),
      ticketId: waiting.ticketId,
      event: 'example-approved',
      facts: { id },
    },
  ]);
}

function assertWaiting(found: StoredExample | undefined, id: string): StoredExample {
  if (found === undefined)
    throw new NotFoundError(
      `There is no example "${id}". GET /v1/examples and "switchboard examples list" show the examples.`,
    );
  if (found.state !== 'waiting') throw new ConflictError(`The example "${id}" does not wait for a review.`);
  return found;
}

function approval({
  actor,
  detail,
}: {
  actor: Actor;
  detail: string;
}): Pick<NewHistoryEntry, 'by' | 'actor' | 'detail'> {
  return { by: nameActor(actor), actor, detail };
}
