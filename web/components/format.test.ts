import { expect, test } from 'vitest';
import { formatDuration, formatUsd } from './format.ts';

test('times and amounts have the digits that one reads', () => {
  expect([0.84, 58, 1_234, 12_345, 240_000, 10_800_000].map((ms) => formatDuration(ms, 'en-US'))).toEqual([
    ...['0.8 ms', '58 ms', '1.2 sec', '12 sec', '4 min', '3 hr'],
  ]);
  expect([0, 0.000143, 0.0234, 0.5, 12.345].map((usd) => formatUsd(usd, 'en-US'))).toEqual([
    ...['$0.00', '$0.00014', '$0.0234', '$0.50', '$12.35'],
  ]);
});
