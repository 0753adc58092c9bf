import type { Classification } from '../classifier.ts';
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
 * Computes the numbers from which a calibration estimates whether an answer is right; the stated confidence is only one
 * of them. `other` is the answer of another engine for the same ticket, null when there is none. 0 means "not known".
 */
export function answerFeatures(answer: Classification, other: Classification | null): number[] {
  const { intent, nearestExamples } = answer;
  let agreeing = 0;
  let all = 0;
  for (const { intent: label, similarity } of nearestExamples) {
    all += similarity;
    if (label === intent) agreeing += similarity;
  }
  const [nearest] = nearestExamples;
  const otherAgrees = other === null || other.intent === null ? UNKNOWN : other.intent === intent ? 1 : -1;
  return [
    logOdds(answer.confidence),
    all > 0 ? (2 * agreeing) / all - 1 : UNKNOWN,
    nearest === undefined ? UNKNOWN : nearest.intent === intent ? 1 : -1,
    otherAgrees,
    // Confidence of the other engine in its own answer: positive where it agrees, negative where it does not.
    other === null ? UNKNOWN : otherAgrees * Math.max(0, logOdds(other.confidence)),
  ];
}
