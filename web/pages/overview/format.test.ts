import { expect, test } from 'vitest';
import { formatDuration, formatStep, formatUsd } from './format.ts';

test('times and amounts have the digits that one reads', () => {
  expect([58, 1_234, 12_345, 240_000, 10_800_000].map((ms) => formatDuration(ms, 'en-US'))).toEqual([
    ...['58 ms', '1.2 sec', '12 sec', '4 min', '3 hr'],
  ]);
  expect([0, 0.00014, 0.5, 12.345].map((usd) => formatUsd(usd, 'en-US'))).toEqual([
    ...['$0.00', '$0.0001', '$0.50', '$12.35'],
  ]);
});

test('a day is the day of UTC', () => {
  expect(formatStep('2026-11-27T00:00:00.000Z', { step: 'day', range: 'month' }, 'en-GB')).toBe('27 Nov');
});
