import { logChoose } from './log-factorial.ts';

type Share = { readonly successes: number; readonly count: number };

/**
 * Tests whether two shares differ: Fisher's exact test, two-sided (sums the probabilities of all tables that are at
 * most as likely as this one). 1 when either side is empty.
 */
export function fisherExactTest(first: Share, second: Share): number {
  const total = first.count + second.count;
  const successes = first.successes + second.successes;
  if (first.count === 0 || second.count === 0) return 1;
  const lowest = Math.max(0, successes - second.count);
  const highest = Math.min(successes, first.count);
  const logTables = logChoose(total, successes);
  const probability = (inFirst: number) =>
    Math.exp(logChoose(first.count, inFirst) + logChoose(second.count, successes - inFirst) - logTables);
  const seen = probability(first.successes);
  let sum = 0;
  for (let k = lowest; k <= highest; k++) {
    const one = probability(k);
    // Equally likely tables may differ in the last digits through rounding. They count too, as in R.
    if (one <= seen * (1 + 1e-7)) sum += one;
  }
  return Math.min(1, sum);
}
