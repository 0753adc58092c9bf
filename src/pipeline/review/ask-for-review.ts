import { formatPercent } from '../../classifiers/format-percent.ts';
import type { NewReview } from '../../store/review-store.ts';
import { readTicket } from '../../ticket/read-ticket.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import type { Settled } from '../settle.ts';

/**
 * The tickets of these that a person should look at: the engine did not know, or was not sure. Left out are those that
 * somebody has already, that a person's correction decided, that a machine wrote, and older ones that were imported.
 */
export function askForReview(
  { learning: { reviewBelow } }: Pick<PipelineContext, 'learning'>,
  settled: readonly Settled[],
): readonly NewReview[] {
  return settled.flatMap((item): NewReview[] => {
    const { ticketId, revision, ticket, classification, decision } = item;
    const { abstained, confidence, intent, language } = classification;
    if (!abstained && confidence >= reviewBelow) return [];
    if (item.kept !== null || item.isOutdated || item.isImported || classification.stage === 'correction') return [];
    if (ticket !== null && readTicket(ticket).automatic !== null) return [];
    const why = abstained
      ? (classification.abstainReason ?? 'the engine did not know')
      : `the engine was ${formatPercent(confidence)} sure, and below ${formatPercent(reviewBelow)} a person looks`;
    const kind = abstained ? 'abstained' : 'unsure';
    return [{ ticketId, revision, kind, intent, language, team: decision.team, urgency: decision.urgency, why }];
  });
}
