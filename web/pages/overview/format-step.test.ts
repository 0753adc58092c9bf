import { expect, test } from 'vitest';
import { formatStep } from './format-step.ts';

test('a day is the day of UTC', () => {
  expect(formatStep('2026-11-27T00:00:00.000Z', { step: 'day', range: 'month' }, 'en-GB')).toBe('27 Nov');
});
