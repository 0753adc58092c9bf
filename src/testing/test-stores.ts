import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Client } from 'pg';
import { openQueue } from '../queue/open-queue.ts';
import { createPglite } from '../store/create-pglite.ts';
import { createEmbeddedBackend } from '../store/open-embedded.ts';
import { createStore, openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { templatePath } from './store-template.ts';

/** A separate database for one test file. */
export type TestStore = AsyncDisposable & {
  readonly store: Store;
  /** Its address; null unless it is on PostgreSQL. */
  readonly databaseUrl: string | null;
};

/** Address of a PostgreSQL for tests; without it, those tests are skipped. */
export const testDatabaseUrl = process.env.TEST_DATABASE_URL ?? null;

/** Both kinds of store, for `describe.each`. */
export const storeKinds = [
  { kind: 'PGlite', skip: false, open: openTestPglite },
  { kind: 'PostgreSQL', skip: testDatabaseUrl === null, open: openTestPostgresql },
] as const;

/**
 * Opens a migrated PGlite in memory, with the tables of the queue. Creating one takes seconds, so its folder is kept
 * below node_modules and loaded again until the migrations change.
 */
export async function openTestPglite(): Promise<TestStore> {
  const pglite = await createPglite({ loadDataDir: await loadTemplate() });
  const store = createStore(await createEmbeddedBackend({ pglite, location: 'memory' }));
  return { store, databaseUrl: null, [Symbol.asyncDispose]: () => store.close() };
}

/** Opens a new, migrated database on the server of TEST_DATABASE_URL; it is dropped when disposed. */
export async function openTestPostgresql(): Promise<TestStore> {
  const { databaseUrl, drop } = await createTestDatabase();
  const store = await openStore({ databaseUrl, dataDir: '' });
  return {
    store,
    databaseUrl,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await drop();
    },
  };
}

/** Creates an empty database on the server of TEST_DATABASE_URL. */
export async function createTestDatabase(): Promise<{ databaseUrl: string; drop: () => Promise<void> }> {
  if (testDatabaseUrl === null) throw new Error('TEST_DATABASE_URL is not set: ask storeKinds whether to skip');
  const name = `switchboard_test_${randomBytes(6).toString('hex')}`;
  await runOnServer(testDatabaseUrl, `create database ${name}`);
  const url = new URL(testDatabaseUrl);
  url.pathname = `/${name}`;
  return {
    databaseUrl: url.href,
    drop: () => runOnServer(testDatabaseUrl ?? '', `drop database ${name} with (force)`),
  };
}

async function runOnServer(databaseUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function loadTemplate(): Promise<Blob> {
  const file = templatePath('pglite');
  if (existsSync(file)) return new Blob([await readFile(file)]);
  const pglite = await createPglite();
  await createEmbeddedBackend({ pglite, location: 'memory' });
  await (await openQueue({ connection: { kind: 'embedded', pglite, assertRoom: async () => {} } })).close();
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, new Uint8Array(await dump.arrayBuffer()));
  await rename(unfinished, file);
  return dump;
}
