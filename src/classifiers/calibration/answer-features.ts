import type { Certainty, Classification } from '../classifier.ts';
import { logOdds } from './logistic.ts';

/** Names of the numbers that `answerFeatures` returns, in order. They are stored with a calibration. */
export const answerFeatureNames = [
  'statedLogOdds',
  'neighbourShare',
  'nearestAgrees',
  'otherEngineAgrees',
  'otherEngineLogOdds',
] as const;

const UNKNOWN = 0;

/**
 * Stands for the certainty that a model states. Only the order matters: the fit finds what each is worth. It is fixed, so
 * that a calibration stays right when the table for uncalibrated answers changes.
 */
const statedAs: Readonly<Record<Certainty, number>> = { sure: 0.95, likely: 0.75, unsure: 0.4, none_fits: 0.15 };

/** The answer of another engine as evidence; null where the engine saw it, and agreeing with it proves nothing. */
export function independent(answer: Classification, other: Classification | null): Classification | null {
  return other?.stage === 'local' && answer.stated?.sawOpinion ? null : other;
}

/**
 * Computes the numbers from which a calibration estimates whether an answer is right; the stated confidence is only one
 * of them. `given` is the answer of another engine for the same ticket, null when there is none. 0 means "not known".
 */
export function answerFeatures(answer: Classification, given: Classification | null): number[] {
  const { intent, nearestExamples, stated } = answer;
  const other = independent(answer, given);
  let agreeing = 0;
  let all = 0;
  for (const { intent: label, similarity } of nearestExamples) {
    all += similarity;
    if (label === intent) agreeing += similarity;
  }
  const [nearest] = nearestExamples;
  const otherAgrees = other === null || other.intent === null ? UNKNOWN : other.intent === intent ? 1 : -1;
  return [
    logOdds(stated === undefined ? answer.confidence : statedAs[stated.certainty]),
    all > 0 ? (2 * agreeing) / all - 1 : UNKNOWN,
    nearest === undefined ? UNKNOWN : nearest.intent === intent ? 1 : -1,
    otherAgrees,
    // Confidence of the other engine in its own answer: positive where it agrees, negative where it does not.
    other === null ? UNKNOWN : otherAgrees * Math.max(0, logOdds(other.confidence)),
  ];
}
