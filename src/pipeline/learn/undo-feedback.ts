import { type Actor, isSameActor, nameActor } from '../../base/actor.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../../errors.ts';
import type { ExampleStore, StoredFeedback } from '../../store/store.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { applyFeedback, changeFeedback, type FeedbackWork, restoreAssignment, reviewPolicy } from './apply-feedback.ts';
import { feedbackExampleId, labelOf } from './feedback-example.ts';

export type FeedbackReference = { readonly ticketId: string; readonly feedbackId: number; readonly actor: Actor };

/** `onlyOwn`: the actor may undo what they said themselves, and not what others said. */
export type UndoFeedbackRequest = FeedbackReference & { readonly onlyOwn?: boolean };

/**
 * Undoes feedback and its effects: its example is removed, the last earlier correction applies again, and the ticket
 * goes back to its earlier team. Throws NotFoundError for an unknown ticket or feedback, ConflictError when it was
 * undone before, and ForbiddenError for that of others where the actor may undo only their own.
 */
export async function undoFeedback(context: PipelineContext, request: UndoFeedbackRequest): Promise<void> {
  const { ticketId } = request;
  await changeFeedback(context, { ticketId, learns: true, work: (work) => undoWithin(context, work, request) });
}

/** Undoes feedback within a transaction; `record` runs before history is written, which others wait for. */
export async function undoWithin(
  context: PipelineContext,
  work: FeedbackWork,
  request: UndoFeedbackRequest & { readonly record?: () => Promise<void> },
): Promise<void> {
  const { ticketId, feedbackId, actor, onlyOwn = false, record } = request;
  const { transaction } = work;
  const entry = findFeedback(work.feedback, request);
  if (onlyOwn && !isSameActor(entry.actor, actor)) {
    throw new ForbiddenError(
      `Feedback ${feedbackId} is by ${nameActor(entry.actor)}. To undo feedback of others, you need the role "lead".`,
    );
  }
  if (entry.state === 'undone')
    throw new ConflictError(`Feedback ${feedbackId} was already undone at ${entry.undoneAt}.`);
  await transaction.examples.lockCounts(countsOf(work.feedback));
  await transaction.feedback.undo(feedbackId, actor);
  const remaining = work.feedback.filter(({ id, state }) => id !== feedbackId && state !== 'undone');
  await transaction.examples.remove([feedbackExampleId(request)]);
  const wasApplied = entry.state === 'applied';
  if (wasApplied && labelOf(entry.feedback) !== undefined) {
    // Version 0.1.0 kept one example per ticket, with this id.
    await transaction.examples.remove([`feedback:${ticketId}`]);
    await restoreExample(context, { ...work, feedback: remaining });
  }
  // If the ticket is elsewhere, it was moved since, for example by approved feedback, and stays there.
  if (wasApplied && entry.feedback.team !== undefined && entry.feedback.team === work.assignment?.team) {
    await restoreAssignment(context, { ...work, feedback: remaining });
  }
  await record?.();
  await transaction.history.append([
    {
      ticketId,
      event: 'feedback-undone',
      by: nameActor(actor),
      actor,
      detail: `feedback ${feedbackId} was undone`,
      facts: { feedbackId },
    },
  ]);
}

/** What the examples of this feedback count for. */
export const countsOf = (feedback: readonly StoredFeedback[]): Parameters<ExampleStore['lockCounts']>[0] =>
  feedback.flatMap((entry) => {
    const intent = labelOf(entry.feedback);
    return intent === undefined ? [] : [{ source: 'feedback' as const, intent }];
  });

/** Makes the example of the last valid correction again, if the undone feedback had replaced it. */
export async function restoreExample(context: PipelineContext, work: FeedbackWork): Promise<void> {
  const corrected = work.feedback.findLast(
    ({ state, feedback }) => state === 'applied' && labelOf(feedback) !== undefined,
  );
  if (corrected === undefined) return;
  // Another correction is learned now: approved ones count from then on, however old they are.
  if ((await work.transaction.examples.ofTicket(corrected.ticketId)).length > 0) return;
  const { ticketId, id: feedbackId } = corrected;
  const { team: _, ...withoutTeam } = corrected.feedback;
  // The example exists: it was never replaced, or still waits for a review.
  if ((await work.transaction.examples.find([feedbackExampleId({ ticketId, feedbackId })])).length > 0) return;
  await applyFeedback(work, {
    // Without the team, because restoreAssignment moves the ticket.
    entry: { ...corrected, feedback: withoutTeam },
    exampleWaits: reviewPolicy(context.learning)?.text ?? null,
  });
}

/** Throws NotFoundError when the ticket has no feedback with this id. */
export function findFeedback(
  feedback: readonly StoredFeedback[],
  { ticketId, feedbackId }: Pick<FeedbackReference, 'ticketId' | 'feedbackId'>,
): StoredFeedback {
  const entry = feedback.find(({ id }) => id === feedbackId);
  if (entry !== undefined) return entry;
  throw new NotFoundError(
    `The ticket "${ticketId}" has no feedback ${feedbackId}. GET /v1/tickets/${encodeURIComponent(ticketId)} lists its feedback.`,
  );
}
