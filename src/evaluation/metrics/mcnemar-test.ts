import { logChoose } from './log-factorial.ts';
import { normalCumulative } from './normal-distribution.ts';

export type McNemarResult = {
  /** Tickets that only the first had right. */
  readonly onlyFirst: number;
  /** Tickets that only the second had right. */
  readonly onlySecond: number;
  /** Two-sided: how likely a difference this large is when both are equally good. */
  readonly pValue: number;
  readonly method: 'exact' | 'chi-squared';
};

/** Up to here the exact sum is as quick as the approximation, so the approximation is for very large sets only. */
const EXACT_LIMIT = 10_000;

/** Whether two classifiers differ on the same tickets (McNemar 1947); exact binomial unless very many differ. */
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
