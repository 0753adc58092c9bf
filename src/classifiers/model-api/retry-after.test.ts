import { expect, test } from 'vitest';
import { readRetryAfter } from './retry-after.ts';

test('retry-after is read as milliseconds, seconds or a date', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  expect(readRetryAfter(new Headers({ 'retry-after-ms': '250', 'retry-after': '9' }))).toBe(250);
  expect(readRetryAfter(new Headers({ 'retry-after': '1.5' }))).toBe(1_500);
  expect(readRetryAfter(new Headers({ 'retry-after': 'Sun, 22 Nov 2026 12:00:07 GMT' }), now)).toBe(7_000);
  expect(readRetryAfter(new Headers({ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }), now)).toBe(0);
  expect(readRetryAfter(new Headers({ 'retry-after': 'soon' }))).toBeNull();
  expect(readRetryAfter(new Headers())).toBeNull();
});
