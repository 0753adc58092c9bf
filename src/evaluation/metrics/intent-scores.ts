import type { Judged } from './confusion-matrix.ts';

export type IntentScore = {
  readonly intent: string;
  /** Number of tickets whose right intent is this one. */
  readonly support: number;
  /** Number of tickets that were predicted to have this intent. */
  readonly predicted: number;
  readonly correct: number;
  /** Share of the predicted tickets that really have it; null when none was predicted. */
  readonly precision: number | null;
  /** Share of the tickets with this intent that were predicted to have it; null when there are none. */
  readonly recall: number | null;
  /** Harmonic mean of precision and recall: 2·correct / (support + predicted). */
  readonly f1: number;
};

/** Scores of every intent that occurs in the data set or among the answers, sorted by intent. */
export function scoreIntents(judged: readonly Judged[]): IntentScore[] {
  const tallies = new Map<string, { support: number; predicted: number; correct: number }>();
  const tally = (intent: string) => {
    const known = tallies.get(intent);
    if (known !== undefined) return known;
    const fresh = { support: 0, predicted: 0, correct: 0 };
    tallies.set(intent, fresh);
    return fresh;
  };
  for (const { expected, predicted } of judged) {
    tally(expected).support += 1;
    if (predicted === null) continue;
    tally(predicted).predicted += 1;
    if (predicted === expected) tally(expected).correct += 1;
  }
  return [...tallies]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([intent, { support, predicted, correct }]) => ({
      intent,
      support,
      predicted,
      correct,
      precision: predicted === 0 ? null : correct / predicted,
      recall: support === 0 ? null : correct / support,
      f1: (2 * correct) / (support + predicted),
    }));
}

/**
 * Mean F1 over the intents of the data set; rare intents count as much as frequent ones. An intent that was only
 * predicted wrongly is left out: those mistakes already lower the recall of the right intents. 0 when there are none.
 */
export function macroF1(scores: readonly IntentScore[]): number {
  const present = scores.filter(({ support }) => support > 0);
  if (present.length === 0) return 0;
  return present.reduce((sum, { f1 }) => sum + f1, 0) / present.length;
}
