import type { Trial } from '../../data/api-types.ts';
import { ClassificationCard } from '../tickets/ticket/classification-card.tsx';
import { DecisionCard } from '../tickets/ticket/decision-card.tsx';

/** What would be decided, as a stored ticket shows it. */
export function VerdictCards({ result }: { result: Trial['result'] }) {
  return (
    <>
      <DecisionCard ticket={{ ...result, assignment: null }} />
      <ClassificationCard ticket={result} />
    </>
  );
}
