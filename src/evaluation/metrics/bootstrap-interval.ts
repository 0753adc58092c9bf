import { percentile } from './percentile.ts';
import { seededRandom } from './seeded-random.ts';
import { CONFIDENCE_LEVEL, type Interval } from './wilson-interval.ts';

/** With this many, the ends of the interval differ between seeds by less than a twentieth of its width. */
export const BOOTSTRAP_RESAMPLES = 2_000;

/**
 * An estimate with its percentile bootstrap interval (Efron 1979), from `resamples` samples drawn with replacement.
 * Whole units are drawn, so pass a ticket with its variants as one unit: their answers depend on each other.
 * Null without units. The same seed gives the same interval.
 */
export function bootstrapInterval<Unit>(options: {
  readonly units: readonly Unit[];
  readonly statistic: (units: readonly Unit[]) => number;
  readonly seed: number;
  readonly resamples?: number;
  readonly level?: number;
}): Interval | null {
  const { units, statistic } = options;
  if (units.length === 0) return null;
  const random = seededRandom(options.seed);
  const estimates: number[] = [];
  for (let i = 0; i < (options.resamples ?? BOOTSTRAP_RESAMPLES); i++) {
    estimates.push(statistic(units.map(() => units[Math.floor(random() * units.length)]!)));
  }
  const tail = (1 - (options.level ?? CONFIDENCE_LEVEL)) / 2;
  return {
    value: statistic(units),
    low: percentile(estimates, tail)!,
    high: percentile(estimates, 1 - tail)!,
  };
}
