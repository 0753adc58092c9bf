import type { FoundExample } from '../retrieval/example-index.ts';
import type { Certainty } from './prompt/answer-format.ts';

/** Whether the retrieved examples have the intent that Claude chose. */
export type Agreement = 'nearest-agrees' | 'some-agree' | 'no-examples' | 'none-agrees';

export function agreementWith({ intent, found }: { intent: string; found: readonly FoundExample[] }): Agreement {
  const [nearest] = found;
  if (nearest === undefined) return 'no-examples';
  if (nearest.example.intent === intent) return 'nearest-agrees';
  return found.some(({ example }) => example.intent === intent) ? 'some-agree' : 'none-agrees';
}

/**
 * Confidence for as long as no calibration is applied. The certainty that a model states is a hint, not a probability.
 * The values are therefore low on purpose. They are not measured: only their order means something. All of them differ,
 * so that a calibration that was fitted on labelled tickets can map each combination to its measured value.
 */
const uncalibrated: Readonly<Record<Certainty, Readonly<Record<Agreement, number>>>> = {
  sure: { 'nearest-agrees': 0.9, 'some-agree': 0.8, 'no-examples': 0.75, 'none-agrees': 0.65 },
  likely: { 'nearest-agrees': 0.72, 'some-agree': 0.6, 'no-examples': 0.55, 'none-agrees': 0.45 },
  unsure: { 'nearest-agrees': 0.48, 'some-agree': 0.4, 'no-examples': 0.35, 'none-agrees': 0.28 },
  none_fits: { 'nearest-agrees': 0.2, 'some-agree': 0.15, 'no-examples': 0.12, 'none-agrees': 0.1 },
};

export function uncalibratedConfidence({
  certainty,
  agreement,
}: {
  certainty: Certainty;
  agreement: Agreement;
}): number {
  return uncalibrated[certainty][agreement];
}

/** The weakest of the certainties that were stated for the levels of one answer. */
export function weakestCertainty(stated: readonly Certainty[]): Certainty {
  const fromWeakest: readonly Certainty[] = ['none_fits', 'unsure', 'likely', 'sure'];
  return fromWeakest.find((certainty) => stated.includes(certainty)) ?? 'unsure';
}
