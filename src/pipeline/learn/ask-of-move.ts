import type { StoredFeedback } from '../../store/store.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import type { FeedbackWork } from './apply-feedback.ts';
import { labelOf } from './feedback-example.ts';

/**
 * Asks, in the review, which intent a ticket was that somebody moved without saying so. A ticket whose intent people have
 * said asks nothing, nor does one that is moved to where it was decided to be, or was not decided yet.
 */
export async function askOfMove(
  { routing }: Pick<PipelineContext, 'routing'>,
  { transaction, stored, feedback }: Pick<FeedbackWork, 'transaction' | 'stored' | 'feedback'>,
  entry: StoredFeedback,
): Promise<void> {
  const { team } = entry.feedback;
  const isSaid = (said: StoredFeedback) => said.state !== 'undone' && labelOf(said.feedback) !== undefined;
  if (team === undefined || entry.state !== 'applied' || isSaid(entry) || feedback.some(isSaid)) return;
  const { id: ticketId, revision } = stored;
  const decision = await transaction.decisions.get({ ticketId, revision });
  const name = routing.teams.find(({ id }) => id === team)?.name ?? team;
  const why = decision === null || decision.team === team ? null : `moved to ${name}: which intent was it?`;
  await transaction.reviews.askOfMove({ ticketId, feedbackId: entry.id, why });
}
