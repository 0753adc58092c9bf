import type { Ticket } from '../../data/api-types.ts';

/** One for each of the keys 1 to 9. */
const MOST = 9;

/** Intents that may be right in place of the suggested one, the likeliest first: runners-up, then those of like examples. */
export function choicesOf(ticket: Pick<Ticket, 'classification'>, suggested: string | null): readonly string[] {
  const { classification } = ticket;
  if (classification === null) return [];
  const { runnersUp, secondaryIntents, nearestExamples } = classification;
  const named = [
    ...runnersUp.map(({ intent }) => intent),
    ...secondaryIntents,
    ...nearestExamples.map(({ intent }) => intent),
  ];
  return [...new Set(named)].filter((intent) => intent !== suggested).slice(0, MOST);
}
