import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areaUnderRoc, recallAtAcceptance } from './area-under-roc.ts';
import { bootstrapInterval } from './bootstrap-interval.ts';
import { expectedCalibrationError, reliabilityBins } from './calibration-error.ts';
import { cohenKappa } from './cohen-kappa.ts';
import { confusionMatrix, topConfusions } from './confusion-matrix.ts';
import { fisherExactTest } from './fisher-exact-test.ts';
import { holmCorrection } from './holm-correction.ts';
import { macroF1, scoreIntents } from './intent-scores.ts';
import { krippendorffAlpha } from './krippendorff-alpha.ts';
import { answersToShow, balancedFigures, liveFigures } from './live.ts';
import { mcNemarTest } from './mcnemar-test.ts';
import { normalCumulative, normalQuantile } from './normal-distribution.ts';
import { mean, percentile } from './percentile.ts';
import { seededRandom, shuffled } from './seeded-random.ts';
import { precisionCoverage } from './selective.ts';
import { wilsonInterval } from './wilson-interval.ts';

describe('normal distribution', () => {
  test('agrees with printed tables', () => {
    expect(normalCumulative(1.96)).toBeCloseTo(0.9750021048517795, 12);
    expect(normalCumulative(-3)).toBeCloseTo(0.0013498980316300946, 14);
    expect(normalCumulative(-8) / 6.220960574271785e-16).toBeCloseTo(1, 8);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 10);
  });
});

describe('Wilson interval', () => {
  test('agrees with values worked by hand', () => {
    // 81 of 263: the example of Newcombe 1998, table I (method 3).
    const newcombe = wilsonInterval({ successes: 81, count: 263 })!;
    expect(newcombe.low).toBeCloseTo(0.2553, 4);
    expect(newcombe.high).toBeCloseTo(0.3662, 4);
    // 0 of 20 and 1 of 29, from the same table.
    expect(wilsonInterval({ successes: 0, count: 20 })).toMatchObject({ low: 0, high: expect.closeTo(0.1611, 4) });
    expect(wilsonInterval({ successes: 1, count: 29 })).toMatchObject({
      low: expect.closeTo(0.0061, 4),
      high: expect.closeTo(0.1718, 4),
    });
    expect(wilsonInterval({ successes: 0, count: 0 })).toBeNull();
  });

  test('contains the true value about as often as it states, for every share', () => {
    // Exact coverage by summing the binomial; Wilson's mean coverage is close to nominal, and rarely far below.
    const count = 60;
    const coverages: number[] = [];
    for (let truth = 0.05; truth <= 0.951; truth += 0.01) {
      let covered = 0;
      let probability = (1 - truth) ** count;
      for (let k = 0; k <= count; k++) {
        const { low, high } = wilsonInterval({ successes: k, count })!;
        if (low <= truth && truth <= high) covered += probability;
        probability *= ((count - k) / (k + 1)) * (truth / (1 - truth));
      }
      coverages.push(covered);
    }
    expect(Math.abs(mean(coverages) - 0.95)).toBeLessThan(0.01);
    expect(Math.min(...coverages)).toBeGreaterThan(0.91);
  });
});

describe('scores of intents', () => {
  const judged = [
    ...Array.from({ length: 3 }, () => ({ expected: 'a', predicted: 'a' })),
    { expected: 'a', predicted: 'b' },
    { expected: 'b', predicted: 'b' },
    { expected: 'b', predicted: 'a' },
    { expected: 'c', predicted: null },
    { expected: 'c', predicted: 'z' },
  ];

  test('agree with values worked by hand', () => {
    const scores = scoreIntents(judged);
    expect(scores).toEqual([
      { intent: 'a', support: 4, predicted: 4, correct: 3, precision: 0.75, recall: 0.75, f1: 0.75 },
      { intent: 'b', support: 2, predicted: 2, correct: 1, precision: 0.5, recall: 0.5, f1: 0.5 },
      { intent: 'c', support: 2, predicted: 0, correct: 0, precision: null, recall: 0, f1: 0 },
      { intent: 'z', support: 0, predicted: 1, correct: 0, precision: 0, recall: null, f1: 0 },
    ]);
    expect(macroF1(scores)).toBeCloseTo((0.75 + 0.5 + 0) / 3, 12);
  });

  test('the confusion matrix contains every ticket once', () => {
    const matrix = confusionMatrix(judged);
    expect(matrix).toEqual({
      labels: ['a', 'b', 'c', 'z'],
      counts: [
        [3, 1, 0, 0],
        [1, 1, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 0, 0],
      ],
      unnamed: [0, 0, 1, 0],
    });
    expect(topConfusions(matrix, 2)).toEqual([
      { expected: 'a', predicted: 'b', count: 1 },
      { expected: 'b', predicted: 'a', count: 1 },
    ]);
  });

  test('the matrix and the scores agree', () => {
    const label = fc.constantFrom('a', 'b', 'c', 'd');
    const record = fc.record({ expected: label, predicted: fc.option(label) });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 80 }), (tickets) => {
        const { labels, counts } = confusionMatrix(tickets);
        for (const score of scoreIntents(tickets)) {
          const i = labels.indexOf(score.intent);
          const column = counts.reduce((sum, row) => sum + row[i]!, 0);
          expect(score.correct).toBe(counts[i]![i]);
          expect(score.predicted).toBe(column);
        }
      }),
    );
  });

  test('permuting the tickets changes nothing', () => {
    const label = fc.constantFrom('a', 'b', 'c', 'd');
    const ticket = fc.record({ expected: label, predicted: fc.option(label) });
    fc.assert(
      fc.property(fc.array(ticket, { maxLength: 60 }), fc.nat(), (tickets, seed) => {
        const other = shuffled(tickets, seed);
        expect(scoreIntents(other)).toEqual(scoreIntents(tickets));
        expect(confusionMatrix(other)).toEqual(confusionMatrix(tickets));
      }),
    );
  });
});

describe('calibration error', () => {
  test('agrees with a value worked by hand', () => {
    // Two bins hold answers: .91 and .95 (one right), .5 and .52 and .54 (two right).
    const answers = [
      { confidence: 0.95, correct: true },
      { confidence: 0.91, correct: false }, // in (0.8667, 0.9333]
      { confidence: 0.5, correct: true },
      { confidence: 0.52, correct: true },
      { confidence: 0.54, correct: false }, // in (0.5333, 0.6]
    ];
    const byHand = (1 / 5) * (0.05 + 0.91 + 0.54) + (2 / 5) * (1 - 0.51);
    expect(expectedCalibrationError(answers)).toBeCloseTo(byHand, 12);
    expect(expectedCalibrationError([])).toBe(0);
  });

  test('edges belong to the bin below, and every answer to one bin', () => {
    const bins = reliabilityBins(
      [0, 0.2, 0.2000001, 1].map((confidence) => ({ confidence, correct: true })),
      5,
    );
    expect(bins.map(({ count }) => count)).toEqual([2, 1, 0, 0, 1]);
  });

  test('permuting the tickets changes nothing, and it stays between 0 and 1', () => {
    const answer = fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), correct: fc.boolean() });
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 60 }), fc.nat(), (answers, seed) => {
        const error = expectedCalibrationError(answers);
        expect(error).toBeGreaterThanOrEqual(0);
        expect(error).toBeLessThanOrEqual(1);
        expect(expectedCalibrationError(shuffled(answers, seed))).toBeCloseTo(error, 10);
      }),
    );
  });
});

describe('answering only when sure', () => {
  const answers = [
    { confidence: 0.9, correct: true },
    { confidence: 0.8, correct: true },
    { confidence: 0.8, correct: false },
    { confidence: 0.4, correct: true },
  ];

  test('answers of equal confidence are one point', () => {
    expect(precisionCoverage(answers)).toEqual([
      { threshold: 0.9, coverage: 0.25, precision: 1 },
      { threshold: 0.8, coverage: 0.75, precision: 2 / 3 },
      { threshold: 0.4, coverage: 1, precision: 0.75 },
    ]);
  });
});

describe('out of scope', () => {
  test('the area agrees with counting all pairs', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(scores, scores, (positives, negatives) => {
        let wins = 0;
        for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
        expect(areaUnderRoc({ positives, negatives })).toBeCloseTo(wins / (positives.length * negatives.length), 10);
      }),
    );
    expect(areaUnderRoc({ positives: [], negatives: [1] })).toBeNull();
  });

  test('recall is taken at the threshold that accepts 95 % in scope', () => {
    const positives = Array.from({ length: 20 }, (_, i) => (i + 1) / 20); // accepting 19 of 20: from 0.10 on
    expect(recallAtAcceptance({ positives, negatives: [0.05, 0.09, 0.1, 0.5], acceptance: 0.95 })).toBe(0.5);
  });
});

describe('percentiles and bootstrap', () => {
  test('percentiles are those of R and NumPy', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(percentile([1, 2, 3, 4], 0.95)).toBeCloseTo(3.85, 12);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBeNull();
  });

  test('the bootstrap interval of a mean is near the textbook one, and repeats with its seed', () => {
    const random = seededRandom(5);
    const units = Array.from({ length: 400 }, () => (random() < 0.7 ? 1 : 0));
    const interval = bootstrapInterval({ units, statistic: mean, seed: 1 })!;
    const standardError = Math.sqrt((interval.value * (1 - interval.value)) / 400);
    expect(interval.low).toBeCloseTo(interval.value - 1.96 * standardError, 1.7);
    expect(interval.high).toBeCloseTo(interval.value + 1.96 * standardError, 1.7);
    expect(bootstrapInterval({ units, statistic: mean, seed: 1 })).toEqual(interval);
  });

  test('the bootstrap interval contains the true value about as often as it states', () => {
    const random = seededRandom(11);
    let covered = 0;
    const trials = 300;
    for (let trial = 0; trial < trials; trial++) {
      const units = Array.from({ length: 80 }, () => (random() < 0.6 ? 1 : 0));
      const { low, high } = bootstrapInterval({ units, statistic: mean, seed: trial, resamples: 400 })!;
      if (low <= 0.6 && 0.6 <= high) covered += 1;
    }
    expect(covered / trials).toBeGreaterThan(0.91);
    expect(covered / trials).toBeLessThan(0.98);
  });
});

describe('tests of significance', () => {
  test('McNemar agrees with values worked by hand', () => {
    // 2 · P(X ≤ 1 | n = 8) = 2 · (1 + 8) / 256.
    expect(mcNemarTest({ onlyFirst: 1, onlySecond: 7 }).pValue).toBeCloseTo(18 / 256, 12);
    expect(mcNemarTest({ onlyFirst: 0, onlySecond: 0 }).pValue).toBe(1);
    expect(mcNemarTest({ onlyFirst: 4, onlySecond: 4 }).pValue).toBe(1);
  });

  test('the exact test and the approximation agree at the limit between them', () => {
    const exact = mcNemarTest({ onlyFirst: 4_900, onlySecond: 5_100 });
    const approximate = mcNemarTest({ onlyFirst: 4_901, onlySecond: 5_101 });
    expect([exact.method, approximate.method]).toEqual(['exact', 'chi-squared']);
    expect(approximate.pValue).toBeCloseTo(exact.pValue, 3);
  });

  test("Fisher's test agrees with the lady tasting tea and with R", () => {
    expect(fisherExactTest({ successes: 3, count: 4 }, { successes: 1, count: 4 })).toBeCloseTo(34 / 70, 10);
    // fisher.test(matrix(c(1, 11, 9, 3), 2)) in R: 0.002759.
    expect(fisherExactTest({ successes: 1, count: 12 }, { successes: 9, count: 12 })).toBeCloseTo(0.002759456, 8);
    expect(fisherExactTest({ successes: 0, count: 0 }, { successes: 1, count: 4 })).toBe(1);
  });

  test("Holm's correction agrees with the example of p.adjust in R", () => {
    expect(holmCorrection([0.01, 0.04, 0.03, 0.005])).toEqual([
      expect.closeTo(0.03, 10),
      expect.closeTo(0.06, 10),
      expect.closeTo(0.06, 10),
      expect.closeTo(0.02, 10),
    ]);
  });
});

describe('agreement of raters', () => {
  test("Cohen's kappa agrees with the textbook example", () => {
    // 50 proposals: both yes 20, only first 5, only second 10, both no 15: kappa 0.4.
    const pairs: [number, number][] = [
      ...Array.from({ length: 20 }, (): [number, number] => [1, 1]),
      ...Array.from({ length: 5 }, (): [number, number] => [1, 0]),
      ...Array.from({ length: 10 }, (): [number, number] => [0, 1]),
      ...Array.from({ length: 15 }, (): [number, number] => [0, 0]),
    ];
    expect(cohenKappa(pairs)).toBeCloseTo(0.4, 12);
    // With two values the squared distance is 0 or 1, so the weights change nothing.
    expect(cohenKappa(pairs, 'quadratic')).toBeCloseTo(0.4, 12);
    expect(cohenKappa([[3, 3], [3, 3]])).toBeNull(); // biome-ignore format: one line
    expect(cohenKappa([])).toBeNull();
  });

  test("Krippendorff's alpha agrees with his own example", () => {
    // Krippendorff 2011, section E: four observers, twelve units, missing data; interval alpha = 0.849.
    const observers = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
      [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
      [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
      [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
    ];
    const items = Array.from({ length: 12 }, (_, i) => observers.flatMap((row) => row[i] ?? []));
    expect(krippendorffAlpha(items)).toBeCloseTo(0.849, 3);
    expect(krippendorffAlpha([[4, 4], [4, 4]])).toBeNull(); // biome-ignore format: one line
    expect(krippendorffAlpha([[4], [5]])).toBeNull();
  });
});

describe('what would go live with every intent counted alike', () => {
  const answers = [
    ...Array.from({ length: 90 }, () => ({ expected: 'large', abstained: false, correct: true })),
    ...Array.from({ length: 10 }, (_, i) => ({ expected: 'thin', abstained: i > 0, correct: false })),
  ];

  test('does not follow from an intent that has most of the tickets', () => {
    expect(liveFigures(answers)).toMatchObject({ coverage: 0.91, precision: 90 / 91 });
    const { coverage, precision, intervals } = balancedFigures(answers);
    expect(coverage).toBeCloseTo((1 + 0.1) / 2);
    expect(precision).toBeCloseTo(1 / 1.1);
    expect(intervals.coverage.high - intervals.coverage.low).toBeGreaterThan(0.25);
  });

  test('is the same where every intent has as many tickets', () => {
    const even = answers.slice(80);
    expect(balancedFigures(even).coverage).toBeCloseTo(liveFigures(even).coverage);
    expect(balancedFigures([])).toEqual(liveFigures([]));
  });

  test('needs more answers for a higher precision to be shown', () => {
    expect([0.8, 0.95, 0.99].map(answersToShow)).toEqual([14, 59, 299]);
  });
});
