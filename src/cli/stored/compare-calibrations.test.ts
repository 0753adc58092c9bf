import { expect, test } from 'vitest';
import { describeCalibration } from '../../classifiers/calibration/describe-calibration.ts';
import { sampleCalibration } from '../../testing/sample-calibration.ts';
import { compareCalibrations, questionAbout } from './compare-calibrations.ts';

const target = { targetPrecision: 0.95 };
const inUse = {
  ...describeCalibration(sampleCalibration({ taxonomy: 't', rightOf100: 100, day: 1 }), {
    ...{ taxonomy: 't', asked: {}, target },
  }),
  ...{ cases: 100, answered: 60, right: 59 },
};
const live = (coverage: number, precision: number | null) => ({
  coverage,
  precision,
  intervals: { coverage: { low: 0, high: 1 }, precision: null },
});
const fitted = (coverage: number, precision: number | null) => ({
  ...{ engine: 'local', version: 'v-2', file: 'local.json', cases: 60, accuracy: 0.6, curve: [] },
  answersFrom: { pooled: 0.9, perIntent: {} },
  expected: live(coverage, precision),
  everyIntentAlike: live(coverage, precision),
});

test('a calibration that answers less than the one in use is asked about, with both figures', () => {
  const change = compareCalibrations(inUse, fitted(0, null));
  expect(change).toMatchObject({ answersLess: true, isLessRight: false, coverage: { inUse: 0.6, fitted: 0 } });
  expect(change.summary).toBe(
    'The one in use (fitted 2026-11-01 on 100 tickets) answers 60 % (50.2–69.1) of tickets, 98.3 % (91.1–99.7) of them right. The new one answers less.',
  );
  expect(questionAbout([change])).toBe(
    'The new calibration is worse than what is in use: that of local answers 0 % of tickets instead of 60 %. Replace it?',
  );
});

test('one whose answers are less often right is asked about as well', () => {
  const change = compareCalibrations(inUse, fitted(0.9, 0.8));
  expect(change).toMatchObject({ answersLess: false, isLessRight: true });
  expect(questionAbout([change])).toContain('that of local is right on 80 % of its answers instead of 98.3 %');
});

test('a difference that may be chance is said and not asked about', () => {
  const change = compareCalibrations(inUse, fitted(0.55, 0.97));
  expect(change.summary).toContain('The new one answers a little less, which may be chance.');
  expect(questionAbout([change, compareCalibrations(inUse, fitted(0.7, 0.98))])).toBeNull();
});
