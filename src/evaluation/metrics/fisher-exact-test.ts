import { logChoose } from './log-factorial.ts';

type Share = { readonly successes: number; readonly count: number };

/**
 * Whether two shares differ: Fisher's exact test, two-sided (the sum over all tables no more likely than this one).
 * 1 when either side is empty.
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
    // Tables as likely as this one count although rounding makes them differ in the last digits (as R does).
    if (one <= seen * (1 + 1e-7)) sum += one;
  }
  return Math.min(1, sum);
}
