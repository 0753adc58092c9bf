import { logChoose } from './log-factorial.ts';
import { normalCumulative } from './normal-distribution.ts';

export type McNemarResult = {
  /** Number of tickets that only the first classifier got right. */
  readonly onlyFirst: number;
  /** Number of tickets that only the second classifier got right. */
  readonly onlySecond: number;
  /** Two-sided: the probability of a difference this large if both were equally good. */
  readonly pValue: number;
  readonly method: 'exact' | 'chi-squared';
};

/** Up to this many, the exact sum is as fast as the approximation. */
const EXACT_LIMIT = 10_000;

/** Tests whether two classifiers differ on the same tickets (McNemar 1947); exact unless very many tickets differ. */
export function mcNemarTest({ onlyFirst, onlySecond }: { onlyFirst: number; onlySecond: number }): McNemarResult {
  const differing = onlyFirst + onlySecond;
  if (differing === 0) return { onlyFirst, onlySecond, pValue: 1, method: 'exact' };
  if (differing <= EXACT_LIMIT) {
    const smaller = Math.min(onlyFirst, onlySecond);
    return { onlyFirst, onlySecond, pValue: twoSidedBinomial(smaller, differing), method: 'exact' };
  }
  // With the continuity correction of Edwards 1948. For one degree of freedom, chi-squared is a squared normal.
  const z = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1) / Math.sqrt(differing);
  return { onlyFirst, onlySecond, pValue: Math.min(1, 2 * normalCumulative(-z)), method: 'chi-squared' };
}

/** Twice P(X ≤ smaller) for X ~ Binomial(count, ½), at most 1. */
function twoSidedBinomial(smaller: number, count: number): number {
  let tail = 0;
  for (let k = 0; k <= smaller; k++) tail += Math.exp(logChoose(count, k) - count * Math.LN2);
  return Math.min(1, 2 * tail);
}
