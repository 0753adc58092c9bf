import { normalQuantile } from './normal-distribution.ts';
import { CONFIDENCE_LEVEL, type Interval } from './wilson-interval.ts';

/**
 * First share minus second on the same tickets, with the interval of Agresti and Min 2005: half a ticket is added to
 * each of the four cells before the textbook formula, so that it also holds for few pairs. Null without pairs.
 */
export function pairedDifferenceInterval(options: {
  readonly pairs: readonly { readonly first: boolean; readonly second: boolean }[];
  readonly level?: number;
}): Interval | null {
  const count = options.pairs.length;
  if (count === 0) return null;
  const onlyFirst = options.pairs.filter(({ first, second }) => first && !second).length;
  const onlySecond = options.pairs.filter(({ first, second }) => !first && second).length;
  const z = normalQuantile(1 - (1 - (options.level ?? CONFIDENCE_LEVEL)) / 2);
  const adjusted = count + 2;
  const a = (onlyFirst + 0.5) / adjusted;
  const b = (onlySecond + 0.5) / adjusted;
  const spread = z * Math.sqrt(Math.max(0, a + b - (a - b) ** 2) / adjusted);
  const value = (onlyFirst - onlySecond) / count;
  return {
    value,
    low: Math.max(-1, Math.min(value, a - b - spread)),
    high: Math.min(1, Math.max(value, a - b + spread)),
  };
}
