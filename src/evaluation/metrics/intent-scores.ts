import type { Judged } from './confusion-matrix.ts';

export type IntentScore = {
  readonly intent: string;
  /** Tickets that are of this intent. */
  readonly support: number;
  /** Tickets that were said to be of this intent. */
  readonly predicted: number;
  readonly correct: number;
  /** Of those said to be, the share that is; null when none was said to be. */
  readonly precision: number | null;
  /** Of those that are, the share that was found; null when there are none. */
  readonly recall: number | null;
  /** Harmonic mean of the two, 2·correct / (support + predicted). */
  readonly f1: number;
};

/** Scores of every intent that is in the data set or was answered, sorted by intent. */
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
 * Mean F1 over the intents that the data set has, each counting the same however rare. Intents that were answered but
 * never right to answer cost precision elsewhere and do not enter the mean a second time. 0 when there are none.
 */
export function macroF1(scores: readonly IntentScore[]): number {
  const present = scores.filter(({ support }) => support > 0);
  if (present.length === 0) return 0;
  return present.reduce((sum, { f1 }) => sum + f1, 0) / present.length;
}
