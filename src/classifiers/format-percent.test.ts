import { expect, test } from 'vitest';
import { formatBelow, formatFraction, formatPercent } from './format-percent.ts';

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

test.each([
  [0.29, '0.29'],
  [0.849, '0.84'],
  [0.998, '0.99'],
  [1, '1.00'],
])('%d as a fraction is %s', (probability, written) => {
  expect(formatFraction(probability)).toBe(written);
});

test.each([
  [0.742, 0.746, '74.2 %', '74.6 %'],
  [0.5, 0.8, '50 %', '80 %'],
  [0.94999, 0.95, '94 %', '95 %'],
  [0.9501, 0.9504, '95.01 %', '95.04 %'],
])('%d below %d is shown with as many decimals as it takes', (value, limit, shownValue, shownLimit) => {
  expect(formatBelow({ value, limit })).toEqual({ value: shownValue, limit: shownLimit });
});
