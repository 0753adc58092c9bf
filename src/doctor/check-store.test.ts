// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { loadConfig, SAMPLE_DIR } from '../config/load-config.ts';
import { describeFound, lookIntoStore } from '../store/look-into-store.ts';
import { openStore } from '../store/open-store.ts';
import { loadTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { copyStoreTemplate } from '../testing/store-template.ts';
import { createTestDatabase, openTestPglite, testDatabaseUrl } from '../testing/test-stores.ts';
import { checkStore, describeStore } from './check-store.ts';

const oldDatabase = readFileSync(join(import.meta.dirname, '../store/fixtures/store-0.1.0.sql'), 'utf8');
/** The taxonomy of the sample company, which has none of the intents in that database. */
const taxonomy = await loadTaxonomy(join(SAMPLE_DIR, 'taxonomy.yaml'));
const allTables = `select json_agg(json_build_array(table_schema, table_name, column_name) order by 1::text, ordinal_position) as text
  from information_schema.columns where table_schema in ('switchboard', 'drizzle', 'pgboss')`;

type Place = AsyncDisposable & {
  check(): ReturnType<typeof checkStore>;
  /** Returns the rows of the last statement. */
  run(statements: string): Promise<unknown[]>;
};

/** In memory; another test below proves that a folder is only read. */
async function makeInMemory({ empty }: { empty: boolean }): Promise<Place> {
  const { store } = await openTestPglite();
  if (store.connection.kind !== 'embedded') throw new TypeError('PGlite expected');
  const { pglite } = store.connection;
  if (empty) await pglite.exec('drop schema switchboard, pgboss, drizzle cascade; drop extension vector');
  // The cast: drizzle's driver calls `query` and `transaction` alone.
  const executor = drizzle({ client: pglite as PGlite });
  return {
    check: async () => describeStore(await describeFound({ executor, location: 'memory', kind: 'embedded' }), taxonomy),
    run: async (statements) => (await pglite.exec(statements)).at(-1)?.rows ?? [],
    [Symbol.asyncDispose]: () => store.close(),
  };
}

async function makeDatabase({ empty }: { empty: boolean }): Promise<Place> {
  const { databaseUrl, drop } = await createTestDatabase();
  if (!empty) await (await openStore({ databaseUrl, dataDir: '' })).close();
  const config = await loadConfig({ cwd: tmpdir(), env: { DATABASE_URL: databaseUrl } });
  return {
    check: () => checkStore(config),
    run: async (statements) => {
      const client = new Client({ connectionString: databaseUrl });
      await client.connect();
      const results = [await client.query(statements)].flat();
      await client.end();
      return results.at(-1)?.rows ?? [];
    },
    [Symbol.asyncDispose]: drop,
  };
}

const kinds = [
  { kind: 'embedded', skip: false, make: makeInMemory },
  { kind: 'postgresql', skip: testDatabaseUrl === null, make: makeDatabase },
];

describe.each(kinds)('doctor on a store of kind $kind', ({ kind, skip, make }) => {
  describe.skipIf(skip)('', () => {
    test('says what the next start will do, counts tickets and deliveries without a job, and changes nothing', async () => {
      await using place = await make({ empty: true });
      expect(await place.check()).toEqual([
        { check: 'store', status: 'ok', detail: expect.stringContaining('empty; the first start creates the tables') },
      ]);
      expect(await place.run(allTables)).toEqual([{ text: null }]);

      await place.run(oldDatabase);
      const before = await place.run(allTables);
      const counted = {
        check: 'store',
        status: 'ok',
        detail: expect.stringContaining('7 tickets decided, 2 tickets waiting'),
      };
      const older = {
        check: 'tables',
        status: 'note',
        detail: expect.stringMatching(/^will be brought up to date at the next start: \d+ migrations$/),
      };
      const unused = {
        check: 'examples',
        status: 'note',
        detail: expect.stringMatching(
          /^5 stored examples are not used, .*: orders\/returns \(3\), orders\/status \(2\)\./,
        ),
      };
      expect(await place.check()).toMatchObject([counted, older, unused]);

      await place.run('delete from pgboss.job');
      const waiting = expect.stringContaining('without a job in the queue: 2 tickets, 1 delivery');
      expect(await place.check()).toMatchObject([
        counted,
        older,
        { check: 'queue', status: 'note', detail: waiting },
        unused,
      ]);
      expect(await place.run(allTables)).toEqual(before);
    });

    test('says how long the oldest ticket has waited', async () => {
      await using place = await make({ empty: false });
      await place.run(`insert into switchboard.tickets (id, connector, external_id, revision, content_hash, state, received_at, ticket)
        select 't-' || hours, 'api', 't-' || hours, 1, 'x', 'received', clock_timestamp() - hours * interval '1 hour', '{}'
        from unnest(array[5, 3]) as hours`);
      const [found] = await place.check();
      expect(found?.detail).toMatch(/: 0 tickets decided, 2 tickets waiting, the oldest for 5 h$/);
    });

    test('accepts a database that a newer version has migrated, unless that version says not to', async () => {
      await using place = await make({ empty: false });
      expect(await place.check()).toMatchObject([
        { check: 'store', status: 'ok', detail: expect.stringMatching(new RegExp(`^${kind}, `)) },
      ]);
      await place.run(`insert into drizzle.switchboard_migrations (hash, created_at)
        select 'next', max(created_at) + 1 from drizzle.switchboard_migrations`);
      expect(await place.check()).toMatchObject([
        { check: 'store', status: 'ok' },
        { check: 'tables', status: 'note', detail: expect.stringMatching(/a newer version/) },
      ]);
      await place.run('update switchboard.schema_info set oldest_program = 1000');
      expect(await place.check()).toMatchObject([
        { check: 'store', status: 'failed', detail: expect.stringMatching(/up to number 1000/) },
      ]);
    });
  });
});

test('an embedded store is read in a session that cannot write', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'switchboard-doctor-'));
  const dataDir = join(dir, 'data');
  mkdirSync(dataDir);
  copyStoreTemplate(dataDir);

  const config = await loadConfig({ cwd: dir, env: {}, overrides: { dataDir } });
  const detail = expect.stringMatching(/^embedded, .*: 0 tickets decided, 0 tickets waiting$/);
  expect(await checkStore(config)).toEqual([{ check: 'store', status: 'ok', detail }]);
  const attempt = lookIntoStore({ databaseUrl: null, dataDir }, ({ query }) => query('create table mine ()'));
  // 25006 is PostgreSQL's code for a write in a read-only transaction.
  await expect(attempt).rejects.toThrow('25006');
  rmSync(dir, { recursive: true });
});

test('doctor creates no data folder', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'switchboard-doctor-'));
  const dataDir = join(dir, 'data');
  const config = await loadConfig({ cwd: dir, env: {}, overrides: { dataDir } });
  expect(await checkStore(config)).toMatchObject([
    { status: 'ok', detail: expect.stringMatching(/does not exist yet/) },
  ]);
  expect(existsSync(dataDir)).toBe(false);
  rmSync(dir, { recursive: true });
});
