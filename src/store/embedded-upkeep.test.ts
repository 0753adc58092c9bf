import { expect, test } from 'vitest';
import { fillStore } from '../testing/fill-store.ts';
import { openTestPglite } from '../testing/test-stores.ts';
import { keepUpEmbedded } from './embedded-upkeep.ts';

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
  const facts = { checkpoint: false };
  const whileBusy = await keepUpEmbedded(pglite, { isBusy: true });
  expect(whileBusy).toEqual({ vacuumed: [], analysed: ['switchboard.tickets'], ...facts });
  expect(await keepUpEmbedded(pglite)).toEqual({ vacuumed: ['switchboard.tickets'], analysed: [], ...facts });
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
