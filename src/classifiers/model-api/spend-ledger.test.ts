import { expect, test } from 'vitest';
import { describeSpendLedger } from '../../testing/spend-ledger-suite.ts';
import { createMemoryLedger } from './spend-ledger.ts';

const noon = Date.UTC(2026, 10, 22, 12);

describeSpendLedger('memory', {
  create: async (limitUsd) => {
    const ledger = createMemoryLedger({ limitUsd, now: () => noon });
    return [ledger, ledger];
  },
});

test('a new UTC day starts at zero, and settling a call of the day before does not change that', async () => {
  let at = noon;
  const ledger = createMemoryLedger({ limitUsd: 1, now: () => at, spentTodayUsd: 0.9 });
  const call = (usd: number) => ({ purpose: 'classify', model: 'a-model', usd }) as const;
  const late = await ledger.reserve(call(0.1));
  expect(await ledger.reserve(call(0.1))).toBeNull();
  at += 86_400_000;
  await late?.settle(0.5);
  expect(await ledger.spentTodayUsd()).toBe(0);
  expect(await ledger.reserve(call(1))).not.toBeNull();
});
