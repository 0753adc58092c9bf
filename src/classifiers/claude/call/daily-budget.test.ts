import { expect, test } from 'vitest';
import { createDailyBudget } from './daily-budget.ts';

const noon = Date.UTC(2026, 10, 22, 12);

test('calls at the same time cannot overspend together', () => {
  const budget = createDailyBudget({ limitUsd: 1, now: () => noon });
  const first = budget.reserve(0.6);
  expect(budget.reserve(0.6)).toBeNull();
  first?.settle(0.1);
  expect(budget.reserve(0.6)).not.toBeNull();
  expect(budget.spentTodayUsd()).toBeCloseTo(0.7);
});

test('a new day in UTC begins at nothing, and a call of yesterday does not weigh on it', () => {
  let at = noon;
  const budget = createDailyBudget({ limitUsd: 1, now: () => at, spentTodayUsd: 0.9 });
  const late = budget.reserve(0.1);
  expect(budget.reserve(0.1)).toBeNull();
  at += 86_400_000;
  late?.settle(0.5);
  expect(budget.spentTodayUsd()).toBe(0);
  expect(budget.reserve(1)).not.toBeNull();
});

test('without a limit only counts', () => {
  const budget = createDailyBudget({ limitUsd: null, now: () => noon });
  budget.reserve(5)?.settle(7);
  expect(budget.spentTodayUsd()).toBe(7);
});
