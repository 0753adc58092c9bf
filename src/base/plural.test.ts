import { expect, test } from 'vitest';
import { count } from './plural.ts';

test('one is singular, everything else is plural', () => {
  expect([0, 1, 2].map((n) => count(n, 'example'))).toEqual(['0 examples', '1 example', '2 examples']);
  expect([1, 2].map((n) => count(n, 'criterion', 'criteria'))).toEqual(['1 criterion', '2 criteria']);
});
