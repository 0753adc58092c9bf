import type { Actor } from '../../base/actor.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import type { StoredFeedback } from '../../store/store.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { applyFeedback, changeFeedback, restoreAssignment } from './apply-feedback.ts';

export type FeedbackReference = { readonly ticketId: string; readonly feedbackId: number; readonly actor: Actor };

/**
 * Takes a feedback back, with what followed from it: its example is removed, what an earlier correction said of the
 * ticket holds again, and the ticket is where it was. Throws NotFoundError, and ConflictError when it was undone before.
 */
export async function undoFeedback(context: PipelineContext, request: FeedbackReference): Promise<void> {
  const { ticketId, feedbackId, actor } = request;
  await changeFeedback(context, {
    ticketId,
    work: async (work) => {
      const { transaction } = work;
      const entry = findFeedback(work.feedback, request);
      if (entry.state === 'undone') throw new ConflictError(`Feedback ${feedbackId} was undone at ${entry.undoneAt}.`);
      await transaction.feedback.undo(feedbackId, actor);
      const remaining = work.feedback.filter(({ id, state }) => id !== feedbackId && state !== 'undone');
      await transaction.examples.remove([`feedback:${ticketId}:${feedbackId}`, `feedback:${ticketId}`]);
      const wasApplied = entry.state === 'applied';
      const corrected = remaining.findLast(
        ({ state, feedback }) => state === 'applied' && feedback.intent !== undefined,
      );
      if (wasApplied && entry.feedback.intent !== undefined && corrected !== undefined) {
        await applyFeedback(work, {
          // Where the ticket is follows below.
          entry: { ...corrected, feedback: { intent: corrected.feedback.intent } },
          exampleWaits: null,
        });
      }
      if (wasApplied && entry.feedback.team !== undefined) {
        await restoreAssignment(context, { ...work, feedback: remaining });
      }
      await transaction.history.append([
        {
          ticketId,
          event: 'feedback-undone',
          by: actor.kind === 'user' ? actor.id : 'a person',
          actor,
          detail: `feedback ${feedbackId} no longer counts`,
          facts: { feedbackId },
        },
      ]);
    },
  });
}

/** Throws NotFoundError when the ticket has no feedback of this number. */
export function findFeedback(
  feedback: readonly StoredFeedback[],
  { ticketId, feedbackId }: Pick<FeedbackReference, 'ticketId' | 'feedbackId'>,
): StoredFeedback {
  const entry = feedback.find(({ id }) => id === feedbackId);
  if (entry !== undefined) return entry;
  throw new NotFoundError(
    `The ticket "${ticketId}" has no feedback ${feedbackId}. GET /v1/tickets/${encodeURIComponent(ticketId)} lists what it has.`,
  );
}
