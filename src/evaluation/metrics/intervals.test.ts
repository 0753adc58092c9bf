import { describe, expect, test } from 'vitest';
import { differenceInterval } from './difference-interval.ts';
import { pairedDifferenceInterval } from './paired-difference-interval.ts';
import { percentileInterval } from './percentile-interval.ts';
import { seededRandom } from './seeded-random.ts';

/** Share of trials whose interval contains the true value. */
function coverage(trials: number, holds: (random: () => number) => boolean): number {
  const random = seededRandom(42);
  let held = 0;
  for (let trial = 0; trial < trials; trial++) if (holds(random)) held += 1;
  return held / trials;
}

const within = ({ low, high }: { low: number; high: number }, truth: number) => low <= truth && truth <= high;

describe('the difference of two shares', () => {
  test("agrees with Newcombe's published example", () => {
    // Newcombe 1998, example (a): 56 of 70 against 48 of 80, method 10.
    const { value, low, high } = differenceInterval({
      first: { successes: 56, count: 70 },
      second: { successes: 48, count: 80 },
    })!;
    expect(value).toBeCloseTo(0.2, 10);
    expect(low).toBeCloseTo(0.0524, 4);
    expect(high).toBeCloseTo(0.3339, 4);
  });

  test('contains the true value about as often as it states', () => {
    const draw = (random: () => number, share: number, count: number) => ({
      successes: Array.from({ length: count }, random).filter((value) => value < share).length,
      count,
    });
    const held = coverage(2_000, (random) =>
      within(differenceInterval({ first: draw(random, 0.9, 40), second: draw(random, 0.8, 30) })!, 0.1),
    );
    expect(held).toBeGreaterThan(0.935);
    expect(held).toBeLessThan(0.985);
  });
});

describe('the difference on the same tickets', () => {
  const pairs = (both: number, onlyFirst: number, onlySecond: number, neither: number) => [
    ...Array.from({ length: both }, () => ({ first: true, second: true })),
    ...Array.from({ length: onlyFirst }, () => ({ first: true, second: false })),
    ...Array.from({ length: onlySecond }, () => ({ first: false, second: true })),
    ...Array.from({ length: neither }, () => ({ first: false, second: false })),
  ];

  test('agrees with a value worked by hand', () => {
    const { value, low, high } = pairedDifferenceInterval({ pairs: pairs(50, 9, 1, 20) })!;
    // With half a ticket in each cell: a = 9.5 / 82, b = 1.5 / 82.
    const spread = 1.959963984540054 * Math.sqrt((11 / 82 - (8 / 82) ** 2) / 82);
    expect(value).toBeCloseTo(0.1, 10);
    expect(low).toBeCloseTo(8 / 82 - spread, 10);
    expect(high).toBeCloseTo(8 / 82 + spread, 10);
  });

  test('changes its sign when the sides are swapped, and is 0 in the middle for no difference', () => {
    const one = pairedDifferenceInterval({ pairs: pairs(10, 5, 2, 3) })!;
    const other = pairedDifferenceInterval({ pairs: pairs(10, 2, 5, 3) })!;
    expect(one.low).toBeCloseTo(-other.high, 10);
    const none = pairedDifferenceInterval({ pairs: pairs(20, 0, 0, 0) })!;
    expect([none.value, none.low + none.high]).toEqual([0, 0]);
    expect(none.high).toBeGreaterThan(0);
  });

  test('contains the true value about as often as it states', () => {
    const held = coverage(2_000, (random) => {
      const drawn = Array.from({ length: 40 }, () => {
        const value = random();
        return { first: value < 0.85, second: value < 0.7 || value > 0.95 };
      });
      return within(pairedDifferenceInterval({ pairs: drawn })!, 0.85 - 0.75);
    });
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.99);
  });
});

describe('a percentile', () => {
  test('has an interval that contains the true value about as often as it states', () => {
    // Exponential times: the 95th percentile is −ln 0.05.
    const held = coverage(1_000, (random) => {
      const times = Array.from({ length: 300 }, () => -Math.log(1 - random()));
      return within(percentileInterval(times, 0.95)!, -Math.log(0.05));
    });
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.985);
  });

  test('of few values reaches to the extremes, and of none is null', () => {
    expect(percentileInterval([3, 1, 2], 0.95)).toMatchObject({ high: 3 });
    expect(percentileInterval([], 0.5)).toBeNull();
  });
});
