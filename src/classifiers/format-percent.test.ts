import { expect, test } from 'vitest';
import { formatPercent } from './format-percent.ts';

test.each([
  [0, '0 %'],
  [0.29, '29 %'],
  [0.57, '57 %'],
  [0.849, '84 %'],
  [0.999, '99 %'],
  [1, '100 %'],
])('%d reads as %s', (probability, written) => {
  expect(formatPercent(probability)).toBe(written);
});
