import type { Classification } from '../classifier.ts';
import { logOdds } from './logistic.ts';

/** Names of the numbers that `answerFeatures` gives, in order. They are stored with a calibration. */
export const answerFeatureNames = [
  'statedLogOdds',
  'neighbourShare',
  'nearestAgrees',
  'otherEngineAgrees',
  'otherEngineLogOdds',
] as const;

const UNKNOWN = 0;

/**
 * What is known about how far an answer can be trusted: its stated confidence is one hint among others. `other` is what
 * another engine answered for the same ticket, null when none was asked. 0 stands for "not known".
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
    // How sure the other is of its own answer, for or against this one.
    other === null ? UNKNOWN : otherAgrees * Math.max(0, logOdds(other.confidence)),
  ];
}
