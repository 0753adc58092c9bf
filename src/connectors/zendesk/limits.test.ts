import { expect, test } from 'vitest';
import { createTestClock } from '../../testing/zendesk-desk.ts';
import { createTicketBudget, exportLimit, minuteLimit } from './limits.ts';

const { signal } = new AbortController();

test.each([10, 100, 300, 700])('no minute has more than %i calls, and they are used up', async (perMinute) => {
  const clock = createTestClock();
  const limit = minuteLimit(perMinute, clock);
  const times: number[] = [];
  while (times.length < perMinute * 3) {
    await limit.take(signal);
    times.push(clock.now());
  }
  const most = Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 60_000).length));
  expect(most).toBeLessThanOrEqual(perMinute);
  expect(most).toBeGreaterThanOrEqual(perMinute * 0.9);
});

test('no minute has more than ten exports', async () => {
  const clock = createTestClock();
  const limit = exportLimit(clock);
  const from = clock.now();
  for (let count = 0; count < 10; count += 1) await limit.take(signal);
  expect(clock.now() - from).toBeLessThan(60_001);
  await limit.take(signal);
  expect(clock.now() - from).toBeGreaterThanOrEqual(60_000);
});

test('a ticket is not updated more than thirty times in ten minutes, so that a loop with a trigger ends', () => {
  const clock = createTestClock();
  const budget = createTicketBudget({ connector: 'desk', now: clock.now });
  for (let count = 0; count < 30; count += 1) {
    budget.take('7');
    clock.advance(1_000);
  }
  expect(() => budget.take('7')).toThrow(
    expect.objectContaining({ retryable: true, unavailable: false, retryInMs: 570_000 }),
  );
  budget.take('8');
  clock.advance(570_000);
  budget.take('7');
  expect(() => budget.take('7')).toThrow(/updated 30 times in ten minutes/);
});
