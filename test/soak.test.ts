import { expect, test } from 'vitest';
import { growsSteadily, mediansByThird } from '../benchmarks/soak/memory-growth.ts';
import { isErrorLine } from '../benchmarks/soak/soak-server.ts';

test('memory that grows from each third of the time to the next grows steadily', () => {
  expect(mediansByThird([100, 101, 130, 131, 170, 171])).toEqual([100, 130, 170]);
  expect(growsSteadily([100, 101, 130, 131, 170, 171])).toBe(true);
});

test.each([
  ['a program that has warmed up', [100, 200, 300, 301, 302, 303]],
  ['a program that warms up', [320, 321, 405, 406, 445, 446]],
  ['a peak in the middle', [100, 100, 400, 400, 100, 100]],
  ['noise', [300, 310, 305, 312, 309, 314]],
])('memory of %s does not grow steadily', (_, samplesMb) => {
  expect(growsSteadily(samplesMb)).toBe(false);
});

test('errors of the log and of a crash are told from other lines', () => {
  expect(isErrorLine('{"level":50,"msg":"crashed"}')).toBe(true);
  expect(isErrorLine('TypeError: x is not a function')).toBe(true);
  expect(isErrorLine('{"level":40,"msg":"an error of a customer"}')).toBe(false);
  expect(isErrorLine('Reading 24 examples …')).toBe(false);
});
