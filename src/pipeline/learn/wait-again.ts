import { nameActor } from '../../base/actor.ts';
import { ConflictError } from '../../errors.ts';
import type { NewHistoryEntry } from '../../store/store.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import { applyFeedback, type FeedbackWork, restoreAssignment } from './apply-feedback.ts';
import { labelOf } from './feedback-example.ts';
import { countsOf, type FeedbackReference, findFeedback, restoreExample } from './undo-feedback.ts';

/**
 * Takes the approval or rejection of feedback back, within a transaction: it waits again, or only its example does where it
 * had been applied before. `record` runs before history is written. Throws ConflictError when somebody has changed it since.
 */
export async function waitAgainWithin(
  context: PipelineContext,
  work: FeedbackWork,
  request: FeedbackReference & {
    /** Why it had waited. */
    readonly why: string;
    readonly waits: 'feedback' | 'example';
    readonly was: 'approved' | 'rejected';
    readonly record: () => Promise<void>;
  },
): Promise<void> {
  const { ticketId, feedbackId, actor, why, waits, was, record } = request;
  const { transaction } = work;
  const entry = findFeedback(work.feedback, request);
  if (entry.state !== (was === 'approved' ? 'applied' : 'undone')) {
    throw new ConflictError(
      `Feedback ${feedbackId} was changed since it was ${was}. Its state is "${entry.state}" now.`,
    );
  }
  const state = waits === 'feedback' ? 'waiting' : 'applied';
  await transaction.examples.lockCounts(countsOf(work.feedback));
  await transaction.feedback.restore({ id: feedbackId, state, why: state === 'waiting' ? why : null });
  const { team, ...withoutTeam } = entry.feedback;
  // What was approved as an example alone had moved the ticket before.
  const feedback = was === 'rejected' ? entry.feedback : withoutTeam;
  await applyFeedback(work, { entry: { ...entry, state, feedback }, exampleWaits: why });
  if (was === 'approved') {
    const remaining = work.feedback.filter(({ id, state: its }) => id !== feedbackId && its !== 'undone');
    if (labelOf(entry.feedback) !== undefined) await restoreExample(context, { ...work, feedback: remaining });
    if (waits === 'feedback' && team !== undefined && team === work.assignment?.team) {
      await restoreAssignment(context, { ...work, feedback: remaining });
    }
  }
  await record();
  await transaction.history.append([describeWaiting({ ticketId, feedbackId, exampleId: null, actor })]);
}

/** What the history says of an approval or a rejection that was taken back. */
export function describeWaiting(options: {
  ticketId: string | null;
  feedbackId: number | null;
  exampleId: string | null;
  actor: FeedbackReference['actor'];
}): NewHistoryEntry {
  const { ticketId, feedbackId, exampleId, actor } = options;
  const what = feedbackId === null ? `the example ${exampleId}` : `feedback ${feedbackId}`;
  return {
    ...{ ticketId, event: 'waits-again', by: nameActor(actor), actor },
    detail: `${what} waits for a review again`,
    facts: { feedbackId, exampleId },
  };
}
