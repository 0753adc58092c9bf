import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreLockedError, StoreUnavailableError } from '../errors.ts';
import { sampleTicket } from '../testing/sample-values.ts';
import { copyStoreTemplate } from '../testing/store-template.ts';
import { createTestDatabase, openTestPglite, testDatabaseUrl } from '../testing/test-stores.ts';
import { mapDatabaseError } from './database-error.ts';
import { LEAST_FREE_BYTES } from './disk-room.ts';
import { createEmbeddedBackend, openEmbedded } from './open-embedded.ts';
import { createStore, openStore } from './open-store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-store-'));
});
afterAll(() => rm(folder, { recursive: true }));

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

describe('on PGlite', () => {
  test('a store keeps its tickets, refuses a second opener, and opens again', async () => {
    const dataDir = join(folder, 'kept');
    copyStoreTemplate(dataDir);
    const steps: string[] = [];
    const first = await openStore({ databaseUrl: null, dataDir, onProgress: ({ step }) => steps.push(step) });
    expect(steps).toEqual(['opening the embedded store']);
    first.announceUrl('http://127.0.0.1:3000');
    await first.tickets.insertMany([sampleTicket({ id: 't-1' })]);
    const refused = await openStore({ databaseUrl: null, dataDir }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreLockedError);
    expect(messageOf(refused)).toContain('serving http://127.0.0.1:3000');
    await first.close();

    const second = await openStore({ databaseUrl: null, dataDir });
    expect(await second.tickets.get('t-1')).toMatchObject({ id: 't-1' });
    await second.close();
  });

  test.runIf(process.platform === 'linux')('a folder on a file system that allows none is named too', async () => {
    const error = await openStore({ databaseUrl: null, dataDir: '/proc/switchboard-none' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StoreUnavailableError);
  });

  test('a folder that cannot be written to is named, with what to do', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const error = await openStore({ databaseUrl: null, dataDir: join(file, 'data') }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(messageOf(error)).toContain(`${file}/data cannot be written to (ENOTDIR)`);
    expect(messageOf(error)).toContain('--data');
  });

  test('a damaged folder is an error that names it, and frees the lock', async () => {
    const dataDir = join(folder, 'damaged');
    copyStoreTemplate(dataDir);
    await writeFile(join(dataDir, 'store/global/pg_control'), 'not what it was');
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await openStore({ databaseUrl: null, dataDir }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StoreUnavailableError);
      expect(messageOf(error)).toContain('could not be opened');
    }
  });

  test('writing stops with a message before the disk is full, and continues once there is room', async () => {
    let free = 1e9;
    let nowMs = 0;
    copyStoreTemplate(join(folder, 'filling'));
    const backend = await openEmbedded({
      dataDir: join(folder, 'filling'),
      freeBytes: async () => free,
      now: () => nowMs,
    });
    const store = createStore(backend);
    const insert = (id: string) =>
      store.transaction((transaction) => transaction.tickets.insertMany([sampleTicket({ id })]));
    await insert('t-1');
    free = LEAST_FREE_BYTES - 1;
    nowMs += 1_000; // The disk is checked only from time to time.
    const error = await insert('t-2').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(messageOf(error)).toContain('is full: 63 MB are left');
    expect(await store.tickets.get('t-1')).not.toBeNull();
    free = 1e9;
    nowMs += 1_000;
    expect(await insert('t-3')).toEqual(new Set(['t-3']));
    await store.close();
  });

  // Creating one takes seconds.
  test.skipIf(!process.env.TEST_PROCESSES)('a new store is created where the packed one is damaged', async () => {
    const packed = join(folder, 'damaged.tar.gz');
    await writeFile(packed, 'not an archive');
    const backend = await openEmbedded({ dataDir: join(folder, 'unpacked'), newStore: packed });
    const store = createStore(backend);
    expect(await store.tickets.count()).toEqual({ received: 0, decided: 0 });
    await store.close();
  });

  test('a new store is not created on a disk that is too full for it', async () => {
    const attempt = openEmbedded({ dataDir: join(folder, 'too-full'), freeBytes: async () => 100e6 });
    await expect(attempt).rejects.toThrow('95 MB are left and the embedded store needs 128');
  });

  test('a store to which a newer version has added works; one from which it has removed something is refused', async () => {
    const { store } = await openTestPglite();
    if (store.connection.kind !== 'embedded') throw new TypeError('PGlite expected');
    const { pglite } = store.connection;
    const migrateFurther = (statement: string) =>
      pglite.exec(`${statement}; insert into drizzle.switchboard_migrations (hash, created_at)
        select 'next', max(created_at) + 1 from drizzle.switchboard_migrations`);
    await migrateFurther(`alter table switchboard.tickets add column mood text default 'calm' not null`);
    const again = createStore(await createEmbeddedBackend({ pglite, location: 'memory' }));
    await again.tickets.insertMany([sampleTicket({ id: 't-1' })]);
    expect(await again.tickets.get('t-1')).toMatchObject({ id: 't-1' });

    await migrateFurther(`update switchboard.schema_info set oldest_program = 1000`);
    const attempt = createEmbeddedBackend({ pglite, location: 'memory' });
    await expect(attempt).rejects.toThrow('needs one that knows its tables up to number 1000');
  });

  test('a migration that fails is a StoreUnavailableError', async () => {
    const { store } = await openTestPglite();
    if (store.connection.kind !== 'embedded') throw new TypeError('PGlite expected');
    const { pglite } = store.connection;
    await pglite.exec(`drop schema switchboard cascade; drop schema drizzle cascade;
      create schema switchboard; create table switchboard.tickets (id int)`);
    const error = await createEmbeddedBackend({ pglite, location: 'memory' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(messageOf(error)).toContain('could not be brought up to date (42P07)');
  });
});

describe('on PostgreSQL', () => {
  test.each([
    ['mysql://user:hunter2@127.0.0.1/db', 'not a PostgreSQL address'],
    ['postgres://user:hunter2#@[', 'not a PostgreSQL address'],
    ['user:hunter2', 'not a PostgreSQL address'],
  ])('%s is refused without repeating the password', async (databaseUrl, found) => {
    const error = await openStore({ databaseUrl, dataDir: folder }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(messageOf(error)).toContain(found);
    expect(messageOf(error)).not.toContain('hunter2');
  });

  test('a server that does not answer is named without the password', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('a port expected');
    await new Promise((resolve) => server.close(resolve));
    const databaseUrl = `postgres://user:hunter2@127.0.0.1:${address.port}/tickets`;
    const error = await openStore({ databaseUrl, dataDir: folder }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(messageOf(error)).toContain(
      `postgres://127.0.0.1:${address.port}/tickets could not be reached (ECONNREFUSED)`,
    );
    expect(messageOf(error)).not.toContain('hunter2');
  });

  // Needs TEST_DATABASE_URL.
  test.skipIf(testDatabaseUrl === null)('two processes may migrate at the same time', async () => {
    const { databaseUrl, drop } = await createTestDatabase();
    const stores = await Promise.all([1, 2, 3].map(() => openStore({ databaseUrl, dataDir: folder })));
    await stores[0]?.tickets.insertMany([sampleTicket({ id: 't-1' })]);
    expect(await stores[2]?.tickets.get('t-1')).toMatchObject({ id: 't-1' });
    await Promise.all(stores.map((store) => store.close()));
    await drop();
  });

  test.skipIf(testDatabaseUrl === null)(
    'a connection that breaks within a transaction is an error of that transaction alone',
    async () => {
      const { databaseUrl, drop } = await createTestDatabase();
      const store = await openStore({ databaseUrl, dataDir: folder });
      const attempt = store.transaction(async (transaction) => {
        const { rows } = await transaction.executor.execute('select pg_backend_pid() as pid');
        const pid = Number(rows[0]?.pid);
        const isGone = async () => {
          const left = await store.transaction(({ executor }) =>
            executor.execute(`select 1 from pg_stat_activity where pid = ${pid}`),
          );
          return left.rows.length === 0;
        };
        await store.transaction(({ executor }) => executor.execute(`select pg_terminate_backend(${pid})`));
        // The connection ends while no statement is running, before the next one.
        while (!(await isGone()));
        await isGone();
        await transaction.tickets.insertMany([sampleTicket({ id: 't-1' })]);
      });
      await expect(attempt).rejects.toBeInstanceOf(StoreUnavailableError);
      expect(await store.tickets.get('t-1')).toBeNull();
      await store.close();
      await drop();
    },
  );

  test.skipIf(testDatabaseUrl === null)('a database that does not exist is named', async () => {
    const url = new URL(testDatabaseUrl ?? '');
    url.pathname = '/no_such_database';
    const error = await openStore({ databaseUrl: url.href, dataDir: folder }).catch((reason: unknown) => reason);
    expect(messageOf(error)).toContain('has no such database (3D000)');
  });
});

describe('an error of the database', () => {
  const driverError = (code: string) => Object.assign(new Error('driver'), { code });

  test.each(['53100', 'ENOSPC'])('%s says that the disk is full', (code) => {
    const mapped = mapDatabaseError(driverError(code), 'here');
    expect(mapped).toBeInstanceOf(StoreUnavailableError);
    expect(messageOf(mapped)).toContain('disk is full');
  });

  test.each(['ECONNRESET', '08006', '57P01', '53300'])('%s means that the store is unavailable', (code) => {
    expect(mapDatabaseError(new Error('query', { cause: driverError(code) }), 'here')).toBeInstanceOf(
      StoreUnavailableError,
    );
  });

  test('a bug in our own code is not mapped', () => {
    const bug = new TypeError('undefined is not a function');
    expect(mapDatabaseError(bug, 'here')).toBe(bug);
  });
});
