import { afterEach, expect, test, vi } from 'vitest';
import { StoreUnavailableError } from '../errors.ts';
import { fillStore } from '../testing/fill-store.ts';
import { openTestPglite } from '../testing/test-stores.ts';
import { keepUpEmbedded, startKeepingUp } from './embedded-upkeep.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('statistics are made once a table has rows, and again when many have changed; dead rows are removed', async () => {
  await using opened = await openTestPglite();
  const { store } = opened;
  if (store.connection.kind !== 'embedded') throw new TypeError('PGlite expected');
  const { pglite } = store.connection;
  expect((await keepUpEmbedded(pglite)).analysed).toEqual([]);

  await fillStore({ store, tickets: 1_000, examples: 200 });
  await pglite.query(`delete from pg_statistic where starelid = 'switchboard.tickets'::regclass`);
  expect((await keepUpEmbedded(pglite)).analysed).toContain('switchboard.tickets');
  const { rows } = await pglite.query(
    `select n_distinct from pg_stats where schemaname = 'switchboard' and tablename = 'tickets' and attname = 'connector'`,
  );
  expect(rows).toEqual([{ n_distinct: 2 }]);
  expect(await keepUpEmbedded(pglite)).toEqual({ vacuumed: [], analysed: [], checkpoint: false });

  const countPages = async () => {
    const { rows: found } = await pglite.query(`select pg_relation_size('switchboard.tickets') / 8192 as pages`);
    return Number(found[0]?.pages);
  };
  const changeAll = () => pglite.query(`update switchboard.tickets set content_hash = content_hash || 'x'`);
  for (let round = 0; round < 3; round += 1) await changeAll();
  // A trigger writes the facts of changed tickets again; their old rows are mostly gone before a vacuum.
  const facts = { checkpoint: false };
  const whileBusy = await keepUpEmbedded(pglite, { isBusy: true });
  expect(whileBusy).toEqual({ vacuumed: [], analysed: ['switchboard.ticket_facts', 'switchboard.tickets'], ...facts });
  const quiet = await keepUpEmbedded(pglite);
  expect(quiet).toEqual({ vacuumed: expect.arrayContaining(['switchboard.tickets']), analysed: [], ...facts });
  const before = await countPages();
  for (let round = 0; round < 3; round += 1) await changeAll();
  expect(await countPages()).toBe(before);
});

test('a checkpoint is made once much has been written since the last one', async () => {
  await using opened = await openTestPglite();
  const { store } = opened;
  if (store.connection.kind !== 'embedded') throw new TypeError('PGlite expected');
  const { pglite } = store.connection;
  await fillStore({ store, tickets: 100, examples: 0 });
  expect((await keepUpEmbedded(pglite, { maxWalBytes: 10_000 })).checkpoint).toBe(true);
  expect((await keepUpEmbedded(pglite, { maxWalBytes: 10_000 })).checkpoint).toBe(false);
});

test('a checkpoint is made although the disk has no room for removing dead rows', async () => {
  await using opened = await openTestPglite();
  const { store } = opened;
  if (store.connection.kind !== 'embedded') throw new TypeError('PGlite expected');
  const { pglite } = store.connection;
  await fillStore({ store, tickets: 1_000, examples: 0 });
  for (let round = 0; round < 3; round += 1) {
    await pglite.query(`update switchboard.tickets set content_hash = content_hash || 'x'`);
  }
  const wanted: number[] = [];
  const assertRoom = async (extraBytes = 0) => {
    wanted.push(extraBytes);
    throw new StoreUnavailableError({ message: 'the disk is full' });
  };
  const kept = await keepUpEmbedded(pglite, { assertRoom, maxWalBytes: 10_000 });
  expect(kept).toEqual({ vacuumed: [], analysed: [], checkpoint: true });
  const { rows } = await pglite.query(`select pg_total_relation_size('switchboard.tickets')::int as bytes`);
  expect(wanted).toContain(rows[0]?.bytes);
});

test('a run of the upkeep that takes long is not overtaken by the next one, and none begins after the end', async () => {
  vi.useFakeTimers();
  const runs: PromiseWithResolvers<never>[] = [];
  const query = () => {
    const run = Promise.withResolvers<never>();
    runs.push(run);
    return run.promise;
  };
  const exec = async () => [];
  const stop = startKeepingUp({ pglite: { query, exec }, assertRoom: async () => {} });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(runs).toHaveLength(1);
  runs[0]?.reject(new Error('it failed'));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(runs).toHaveLength(2);
  stop();
  runs[1]?.reject(new Error('it failed again'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(runs).toHaveLength(2);
});
