import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createPglite } from '../store/create-pglite.ts';
import { createEmbeddedBackend } from '../store/open-embedded.ts';
import { createStore, openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { copyStoreTemplate } from './store-template.ts';

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
 * Opens a migrated PGlite with the tables of the queue, in a temporary folder: a copy of one that was made once. Reading
 * a copy takes a third of the time of unpacking a dump into memory.
 */
export async function openTestPglite(): Promise<TestStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-store-'));
  copyStoreTemplate(dataDir);
  const pglite = await createPglite({ dataDir: join(dataDir, 'store') });
  const backend = await createEmbeddedBackend({ pglite, location: 'memory' });
  const close = async () => {
    await backend.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { store: createStore({ ...backend, close }), databaseUrl: null, [Symbol.asyncDispose]: close };
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
  return createDatabaseOn(testDatabaseUrl);
}

/** Creates an empty database on a server, given the address of any of its databases. */
export async function createDatabaseOn(serverUrl: string): Promise<{ databaseUrl: string; drop: () => Promise<void> }> {
  const name = `switchboard_test_${randomBytes(6).toString('hex')}`;
  await runOnServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { databaseUrl: url.href, drop: () => runOnServer(serverUrl, `drop database ${name} with (force)`) };
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
