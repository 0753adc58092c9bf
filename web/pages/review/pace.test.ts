import { expect, test } from 'vitest';
import { paceOf } from './pace.ts';

test('the pace is that of the last twenty verdicts, and none in the first two minutes', () => {
  const every = (seconds: number, count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => from + index * seconds * 1_000);
  expect(paceOf(every(18, 8))).toBe(200);
  expect(paceOf(every(18, 7))).toBeNull();
  expect(paceOf(every(6, 60))).toBe(600);
  expect(paceOf([...every(600, 5), ...every(36, 30, 10_000_000)])).toBe(100);
  expect(paceOf([5, 5, 5])).toBeNull();
});
