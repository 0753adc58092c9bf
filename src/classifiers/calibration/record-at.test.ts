import { expect, test } from 'vitest';
import { createRandom } from '../local/random.ts';
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

test('counts those within five points as well as where they are sorted', () => {
  const seeded = createRandom(3);
  const many = Array.from({ length: 400 }, () => ({ intent: 'x', confidence: seeded(), correct: seeded() < 0.7 }));
  for (let confidence = 0; confidence <= 1; confidence += 0.05) {
    const near = many.filter((answer) => Math.abs(answer.confidence - confidence) <= 0.05);
    if (near.length < 20) continue;
    const right = near.filter(({ correct }) => correct).length;
    expect(recordAt(many, confidence)).toEqual({ right, of: near.length });
  }
});
