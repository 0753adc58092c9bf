import { expect, test } from 'vitest';
import { createCircuitBreaker, createMemoryBoard } from './circuit-breaker.ts';
import { createModelWatch, type ModelChange } from './model-watch.ts';
import { createMemoryLedger } from './spend-ledger.ts';

function setUp() {
  let at = Date.UTC(2026, 10, 22, 22);
  const now = () => at;
  const changes: ModelChange[] = [];
  const breakers = createMemoryBoard();
  const ledger = createMemoryLedger({ limitUsd: 2, now });
  const watch = createModelWatch({ breakers, ledger, now, onChange: (change) => changes.push(change) });
  const breaker = createCircuitBreaker({ name: 'a-model', board: breakers, now });
  const end = (outcome: 'succeeded' | 'blocked') => {
    const permit = breaker.acquire();
    if (permit.allowed) permit.record(outcome, 'the key is refused (401)');
  };
  return {
    watch,
    ledger,
    changes,
    end,
    breakers,
    advance: (ms: number) => {
      at += ms;
    },
  };
}

test('a model that is down is degraded from its first failure until it answers, and is reported once', () => {
  const { watch, changes, end, advance } = setUp();
  const since = '2026-11-22T22:00:00.000Z';
  end('blocked');
  for (let probe = 0; probe < 3; probe += 1) {
    advance(300_000);
    // Between two probes it is still down, whether calls are let through or not.
    expect(watch.degradations()).toEqual([{ part: 'a-model', why: 'the key is refused (401)', since }]);
    end('blocked');
  }
  advance(300_000);
  end('succeeded');
  end('succeeded');
  expect(watch.degradations()).toEqual([]);
  expect(changes).toEqual([
    { change: 'model-down', model: 'a-model', why: 'the key is refused (401)' },
    { change: 'model-back', model: 'a-model' },
  ]);
});

test('a model that is down when this process starts is degraded as well', () => {
  const { watch, breakers, changes } = setUp();
  watch.expect('other');
  expect(changes).toEqual([]);
  breakers.set('other', { openUntil: Date.UTC(2026, 10, 23), why: 'overloaded' });
  expect(watch.degradations()).toMatchObject([{ part: 'other', why: 'overloaded' }]);
});

test('a budget that is used up is reported once, and is back on the next day', () => {
  const { watch, changes, advance } = setUp();
  const refuse = () => watch.count({ model: 'a-model', outcome: 'budget' });
  refuse();
  refuse();
  // A small call may still fit in; the budget counts as used up all the same.
  watch.count({ model: 'a-model', outcome: 'answered' });
  expect(watch.degradations()).toMatchObject([{ part: 'budget', since: '2026-11-22T22:00:00.000Z' }]);
  advance(2 * 3_600_000);
  expect(watch.degradations()).toEqual([]);
  refuse();
  expect(changes.map(({ change }) => change)).toEqual(['budget-used-up', 'budget-back', 'budget-used-up']);
});

test('the status has every registered model, attempts by outcome, and the spend of the day', async () => {
  const { watch, ledger, end } = setUp();
  watch.expect('a-model');
  watch.expect('second');
  watch.count({ model: 'a-model', outcome: 'answered' });
  watch.count({ model: 'a-model', outcome: 'answered' });
  watch.count({ model: 'a-model', outcome: 'access' });
  end('blocked');
  await (await ledger.reserve({ purpose: 'judge', model: 'second', usd: 1 }))?.settle(0.5);
  expect(await watch.status()).toEqual({
    models: [
      { model: 'a-model', available: false },
      { model: 'second', available: true },
    ],
    calls: [
      { model: 'a-model', outcome: 'answered', count: 2 },
      { model: 'a-model', outcome: 'access', count: 1 },
    ],
    spentTodayUsd: 0.5,
    budgetUsd: 2,
  });
});
