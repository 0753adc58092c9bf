import { expect, test } from 'vitest';
import { fillStore } from '../testing/fill-store.ts';
import { openTestPglite } from '../testing/test-stores.ts';
import { refreshStatistics } from './refresh-statistics.ts';

test('statistics of the embedded store are made once its tables have rows, and again when many have changed', async () => {
  await using opened = await openTestPglite();
  const { store } = opened;
  if (store.connection.kind !== 'embedded') throw new TypeError('PGlite expected');
  const { pglite } = store.connection;
  expect(await refreshStatistics(pglite)).toEqual([]);

  await fillStore({ store, tickets: 1_000, examples: 200 });
  await pglite.query(`delete from pg_statistic where starelid = 'switchboard.tickets'::regclass`);
  expect(await refreshStatistics(pglite)).toContain('switchboard.tickets');
  const { rows } = await pglite.query(
    `select n_distinct from pg_stats where schemaname = 'switchboard' and tablename = 'tickets' and attname = 'connector'`,
  );
  expect(rows).toEqual([{ n_distinct: 2 }]);
  expect(await refreshStatistics(pglite)).toEqual([]);

  await pglite.query(`update switchboard.tickets set content_hash = 'changed'`);
  expect(await refreshStatistics(pglite)).toEqual(['switchboard.tickets']);
});
