import { normalQuantile } from './normal-distribution.ts';
import { percentile } from './percentile.ts';
import { CONFIDENCE_LEVEL, type Interval } from './wilson-interval.ts';

/**
 * A percentile with its interval from order statistics (Hahn and Meeker 1991, normal approximation of the binomial).
 * It does not assume how the values are distributed. With few values, the interval ends at the smallest or largest
 * value. Null without values.
 */
export function percentileInterval(values: readonly number[], p: number): Interval | null {
  const value = percentile(values, p);
  if (value === null) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const z = normalQuantile(1 - (1 - CONFIDENCE_LEVEL) / 2);
  const spread = z * Math.sqrt(values.length * p * (1 - p));
  const at = (rank: number) => sorted[Math.min(sorted.length - 1, Math.max(0, rank))]!;
  return {
    value,
    low: Math.min(value, at(Math.floor(values.length * p - spread) - 1)),
    high: Math.max(value, at(Math.ceil(values.length * p + spread) - 1)),
  };
}
