import { type Classification, noUsage } from '../classifiers/classifier.ts';
import type { Decision } from '../routing/decision.ts';
import type { TicketRef } from '../store/store.ts';
import type { PipelineContext } from './pipeline-context.ts';

export type KeptDecision = {
  readonly classification: Classification;
  readonly decision: Decision;
  /** Who moved the ticket. */
  readonly by: string;
};

/**
 * A later revision of a ticket that a person has moved (feedback that names the team) is not decided again: it keeps
 * what was read in it and stays with that team. Null for every other revision.
 */
export async function keepMovedTicket(
  context: Pick<PipelineContext, 'store' | 'createId'>,
  { ticketId, revision }: TicketRef,
): Promise<KeptDecision | null> {
  if (revision === 1) return null;
  const { store } = context;
  const move = (await store.feedback.ofTicket(ticketId)).findLast(({ feedback }) => feedback.team !== undefined);
  if (move?.feedback.team === undefined) return null;
  const { team, by = 'a person' } = move.feedback;
  // Revisions that were replaced while they waited have no decision.
  for (let before = revision - 1; before >= 1; before -= 1) {
    const ref = { ticketId, revision: before };
    const [classification, decision] = await Promise.all([store.classifications.get(ref), store.decisions.get(ref)]);
    if (classification === null || decision === null) continue;
    return {
      by,
      classification: { ...classification, usage: noUsage, costUsd: 0, latencyMs: 0 },
      decision: {
        ...decision,
        id: context.createId('d'),
        team,
        assignee: decision.team === team ? decision.assignee : null,
        rule: 'moved',
        because: `It stays with the team "${team}", where ${by} put it; a new revision does not change that.`,
      },
    };
  }
  return null;
}
