// What several processes share about models: two stores on one PostgreSQL, and twice the same PGlite.

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sql } from '../../base/drizzle.ts';
import { createCircuitBreaker } from '../../classifiers/model-api/circuit-breaker.ts';
import { describeSpendLedger } from '../../testing/spend-ledger-suite.ts';
import { storeKinds, type TestStore } from '../../testing/test-stores.ts';
import { openStore } from '../open-store.ts';
import type { Store } from '../store.ts';
import { createStoreLedger } from './create-store-ledger.ts';
import { openProcessRegistry } from './open-process-registry.ts';
import { openStoreBoard } from './open-store-board.ts';

const fail = (error: unknown) => {
  throw error;
};
const now = Date.now;

describe.each(storeKinds)('on $kind', ({ kind, skip, open }) => {
  let opened: TestStore;
  let one: Store;
  let other: Store;
  beforeAll(async () => {
    if (skip) return;
    opened = await open();
    one = opened.store;
    other = opened.databaseUrl === null ? one : await openStore({ databaseUrl: opened.databaseUrl, dataDir: '' });
  });
  afterAll(async () => {
    if (other !== one) await other?.close();
    await opened?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    if (skip) return;
    await one.transaction(({ executor }) =>
      executor.execute(sql`truncate switchboard.spend, switchboard.breakers, switchboard.processes`),
    );
  });

  describeSpendLedger(`the store on ${kind}`, {
    skip,
    create: async (limitUsd) => [
      createStoreLedger({ store: one, limitUsd, onError: fail }),
      createStoreLedger({ store: other, limitUsd, onError: fail }),
    ],
  });

  describe.skipIf(skip)('spend', () => {
    test('is kept by day, purpose and model, with its calls', async () => {
      const ledger = createStoreLedger({ store: one, limitUsd: 1, onError: fail });
      const book = async (purpose: 'classify' | 'judge', costUsd: number) =>
        (await ledger.reserve({ purpose, model: 'a-model', usd: 0.2 }))?.settle(costUsd);
      await book('classify', 0.1);
      await book('classify', 0.05);
      await book('judge', 0.25);
      const rows = await one.transaction(({ executor }) =>
        executor.execute(sql`
          select (day = (now() at time zone 'utc')::date) as today, purpose, model, calls, usd
          from switchboard.spend order by purpose
        `),
      );
      expect(rows.rows).toEqual([
        { today: true, purpose: 'classify', model: 'a-model', calls: 2, usd: expect.closeTo(0.15, 9) },
        { today: true, purpose: 'judge', model: 'a-model', calls: 1, usd: expect.closeTo(0.25, 9) },
      ]);
    });

    test('of the day before does not count, and a late settlement changes only its own day', async () => {
      const ledger = createStoreLedger({ store: one, limitUsd: 1, onError: fail });
      const late = await ledger.reserve({ purpose: 'classify', model: 'a-model', usd: 0.9 });
      await one.transaction(({ executor }) => executor.execute(sql`update switchboard.spend set day = day - 1`));
      expect(await ledger.spentTodayUsd()).toBe(0);
      expect(await ledger.reserve({ purpose: 'classify', model: 'a-model', usd: 0.9 })).not.toBeNull();
      await late?.settle(0.1);
      expect(await ledger.spentTodayUsd()).toBeCloseTo(0.1, 9);
    });

    test('that cannot be corrected is reported, and stays as it was reserved', async () => {
      const onError = vi.fn();
      const away = { ...one.spend, adjust: () => Promise.reject(new Error('away')) };
      const ledger = createStoreLedger({ store: { spend: away }, limitUsd: 1, onError });
      await (await ledger.reserve({ purpose: 'classify', model: 'a-model', usd: 0.9 }))?.settle(0.1);
      expect(onError).toHaveBeenCalledOnce();
      expect(await ledger.spentTodayUsd()).toBeCloseTo(0.9, 9);
    });
  });

  describe.skipIf(skip)('a circuit breaker', () => {
    const board = (store: Store) => openStoreBoard({ store, now, onError: fail });
    const breakerOn = (breakers: Awaited<ReturnType<typeof board>>) =>
      createCircuitBreaker({ name: 'a-model', board: breakers, now });
    const fiveFailures = (breaker: ReturnType<typeof breakerOn>) => {
      for (let at = 0; at < 5; at += 1) {
        const permit = breaker.acquire();
        if (permit.allowed) permit.record('failed', 'overloaded');
      }
    };

    test('that opens in one process stops the calls of the others, until one succeeds anywhere', async () => {
      const [here, there] = [await board(one), await board(other)];
      const changed = vi.fn();
      there.onChange(changed);
      fiveFailures(breakerOn(here));
      await vi.waitFor(() => expect(breakerOn(there).acquire()).toMatchObject({ allowed: false, why: 'overloaded' }));
      expect(changed).toHaveBeenCalledWith('a-model');
      there.set('a-model', null);
      await vi.waitFor(() => expect(breakerOn(here).acquire().allowed).toBe(true));
      await Promise.all([here.close(), there.close()]);
    });

    test('is read regularly, in case a notification is lost', async () => {
      const here = await board(one);
      const deaf = { breakers: other.breakers, onBreakers: async () => async () => undefined };
      const there = await openStoreBoard({ store: deaf, now, onError: fail });
      here.set('a-model', { openUntil: now() + 60_000, why: 'overloaded' });
      await here.close();
      expect(there.get('a-model')).toBeNull();
      await there.refresh();
      expect(there.get('a-model')).toMatchObject({ why: 'overloaded' });
      expect(there.get('a-model')?.openUntil).toBeGreaterThan(now() + 30_000);
    });

    test('that was open before a restart is tried by the first call after it', async () => {
      const before = await board(one);
      before.set('a-model', { openUntil: now() + 300_000, why: 'the key is refused' });
      await before.close();
      const after = await board(other);
      expect(after.get('a-model')).toMatchObject({ why: 'the key is refused' });
      const breaker = breakerOn(after);
      expect(breaker.acquire().allowed).toBe(true);
      expect(breaker.acquire().allowed).toBe(false);
      await after.close();
    });

    test('keeps its last known state while the store is away', async () => {
      const onError = vi.fn();
      const away = { set: () => Promise.reject(new Error('away')), all: async () => [] };
      const store = { breakers: away, onBreakers: async () => async () => undefined };
      const breakers = await openStoreBoard({ store, now, onError });
      fiveFailures(breakerOn(breakers));
      expect(breakerOn(breakers).acquire().allowed).toBe(false);
      await breakers.close();
      expect(onError).toHaveBeenCalled();
    });
  });

  describe.skipIf(skip)('the live processes', () => {
    const enter = (store: Store, id: string, type = 'engine') =>
      openProcessRegistry({ store, id, kind: type, onError: fail });

    test('are counted by kind, and one that closes or dies no longer counts', async () => {
      const first = await enter(one, 'p-1');
      const changed = vi.fn();
      first.onChange(changed);
      const second = await enter(other, 'p-2');
      await enter(other, 'p-3', 'door');
      await enter(other, 'p-4');
      await first.beat();
      expect([first.count(), second.count()]).toEqual([3, 2]);
      await second.close();
      await first.beat();
      expect(first.count()).toBe(2);
      // p-4 has had no beat for longer than three intervals.
      await one.transaction(({ executor }) =>
        executor.execute(
          sql`update switchboard.processes set seen_at = seen_at - interval '16 seconds' where id = 'p-4'`,
        ),
      );
      await first.beat();
      expect(first.count()).toBe(1);
      expect(changed).toHaveBeenCalledTimes(3);
    });

    test('keep their last count while the store is away', async () => {
      const onError = vi.fn();
      const beat = vi.fn(async () => 4);
      const store = { processes: { beat, leave: async () => undefined } };
      const registry = await openProcessRegistry({ store, id: 'p-1', kind: 'engine', onError });
      beat.mockRejectedValueOnce(new Error('away'));
      await registry.beat();
      expect(registry.count()).toBe(4);
      expect(onError).toHaveBeenCalledOnce();
    });
  });
});
