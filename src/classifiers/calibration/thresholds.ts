import { createHash } from 'node:crypto';
import { type ConfidenceTarget, thresholdFromCosts } from './confidence-target.ts';
import { type JudgedAnswer, precisionCoverageCurve } from './precision-coverage.ts';

/** The confidences from which an engine answers; below them it abstains. */
export type Thresholds = {
  /** Hash of the values. */
  readonly version: string;
  /** For intents with too few held-out cases of their own. */
  readonly pooled: number;
  readonly perIntent: Readonly<Record<string, number>>;
};

/** Above every probability, so that the engine always abstains. */
export const NEVER = 1.01;
/** An intent with fewer held-out answers shares the pooled threshold. */
export const MIN_CASES_PER_INTENT = 20;
// With fewer held-out answers in all, the confidence itself is the best estimate of the precision.
const MIN_CASES = 20;

/** Finds the lowest thresholds that reach the target on the held-out answers. See docs/embedded-engine.md. */
export function fitThresholds(answers: readonly JudgedAnswer[], target: ConfidenceTarget): Thresholds {
  const fromCosts = thresholdFromCosts(target);
  if (fromCosts !== null || !('targetPrecision' in target)) return versioned(fromCosts ?? 0, {});
  const { targetPrecision } = target;
  if (answers.length < MIN_CASES) return versioned(answers.length === 0 ? NEVER : targetPrecision, {});
  const pooled = lowestThreshold(answers, targetPrecision);
  const perIntent: Record<string, number> = {};
  for (const [intent, own] of groupByIntent(answers)) {
    if (own.length >= MIN_CASES_PER_INTENT) perIntent[intent] = lowestThreshold(own, targetPrecision);
  }
  return versioned(pooled, perIntent);
}

export function thresholdFor(thresholds: Thresholds, intent: string): number {
  return thresholds.perIntent[intent] ?? thresholds.pooled;
}

function lowestThreshold(answers: readonly JudgedAnswer[], targetPrecision: number): number {
  let lowest = NEVER;
  for (const { threshold, coverage, precision } of precisionCoverageCurve(answers)) {
    const count = coverage * answers.length;
    // Jeffreys' estimate: of many thresholds that are tried on few answers, one looks good by luck. Three right answers
    // of three do not show 100 %.
    const estimate = (precision * count + 0.5) / (count + 1);
    if (estimate >= targetPrecision) lowest = threshold;
  }
  return lowest;
}

function groupByIntent(answers: readonly JudgedAnswer[]): Map<string, JudgedAnswer[]> {
  const groups = new Map<string, JudgedAnswer[]>();
  for (const answer of answers) {
    const group = groups.get(answer.intent);
    if (group === undefined) groups.set(answer.intent, [answer]);
    else group.push(answer);
  }
  return groups;
}

function versioned(pooled: number, perIntent: Record<string, number>): Thresholds {
  const hash = createHash('sha256').update(JSON.stringify([pooled, Object.entries(perIntent).sort()]));
  return { version: hash.digest('hex').slice(0, 12), pooled, perIntent };
}
