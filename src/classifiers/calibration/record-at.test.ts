import { expect, test } from 'vitest';
import { recordAt } from './record-at.ts';

const answers = Array.from({ length: 100 }, (_, i) => ({ intent: 'billing', confidence: i / 100, correct: i >= 50 }));

test('counts the held-out answers of about the same confidence', () => {
  expect(recordAt(answers, 0.9)).toEqual({ right: 20, of: 20 });
  expect(recordAt(answers, 0.1).right).toBe(0);
  const many = answers.flatMap((answer) => Array(10).fill(answer));
  expect(recordAt(many, 0.7).of).toBeGreaterThanOrEqual(100);
});

test('counts the nearest where few are about as sure, and none where there are none', () => {
  expect(recordAt(answers.slice(0, 30), 0.99)).toEqual({ right: 0, of: 20 });
  expect(recordAt([], 0.5)).toEqual({ right: 0, of: 0 });
});
