import { normalQuantile } from './normal-distribution.ts';

/** An estimate with the lower and upper end of its interval. */
export type Interval = { readonly value: number; readonly low: number; readonly high: number };

/** How often an interval should contain the true value; used by all of evaluation. */
export const CONFIDENCE_LEVEL = 0.95;

/**
 * A share with its Wilson score interval (Wilson 1927; recommended over the textbook interval by Brown, Cai and
 * DasGupta 2001). It is also accurate for small counts and for shares near 0 and 1. Null when the count is 0.
 */
export function wilsonInterval(options: {
  readonly successes: number;
  readonly count: number;
  /** Default: 0.95. */
  readonly level?: number;
}): Interval | null {
  const { successes, count } = options;
  if (count === 0) return null;
  const z = normalQuantile(1 - (1 - (options.level ?? CONFIDENCE_LEVEL)) / 2);
  const value = successes / count;
  const centre = value + (z * z) / (2 * count);
  const spread = z * Math.sqrt((value * (1 - value)) / count + (z * z) / (4 * count * count));
  const scale = 1 + (z * z) / count;
  return {
    value,
    low: successes === 0 ? 0 : (centre - spread) / scale,
    high: successes === count ? 1 : (centre + spread) / scale,
  };
}
