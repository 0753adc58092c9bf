import { expect, test } from 'vitest';
import { createMemoryLedger } from './spend-ledger.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const call = (usd: number) => ({ purpose: 'classify', model: 'a-model', usd }) as const;

test('calls at the same time cannot overspend together', async () => {
  const ledger = createMemoryLedger({ limitUsd: 1, now: () => noon });
  const [first, second] = await Promise.all([ledger.reserve(call(0.6)), ledger.reserve(call(0.6))]);
  expect(second).toBeNull();
  await first?.settle(0.1);
  expect(await ledger.reserve(call(0.6))).not.toBeNull();
  expect(await ledger.spentTodayUsd()).toBeCloseTo(0.7);
});

test('a new day in UTC begins at nothing, and a call of yesterday does not weigh on it', async () => {
  let at = noon;
  const ledger = createMemoryLedger({ limitUsd: 1, now: () => at, spentTodayUsd: 0.9 });
  const late = await ledger.reserve(call(0.1));
  expect(await ledger.reserve(call(0.1))).toBeNull();
  at += 86_400_000;
  await late?.settle(0.5);
  expect(await ledger.spentTodayUsd()).toBe(0);
  expect(await ledger.reserve(call(1))).not.toBeNull();
});

test('without a limit only counts', async () => {
  const ledger = createMemoryLedger({ limitUsd: null, now: () => noon });
  await (await ledger.reserve(call(5)))?.settle(7);
  expect(await ledger.spentTodayUsd()).toBe(7);
});

test('what a call that was never settled had set aside stays spent', async () => {
  const ledger = createMemoryLedger({ limitUsd: 1, now: () => noon });
  await ledger.reserve(call(0.7));
  expect(await ledger.reserve(call(0.7))).toBeNull();
  expect(await ledger.spentTodayUsd()).toBe(0.7);
});
