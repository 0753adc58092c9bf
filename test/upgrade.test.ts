// A database with data of an older version is migrated and read as before.
// On PGlite always; on PostgreSQL when TEST_DATABASE_URL is set.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../src/base/logger.ts';
import type { OnProgress } from '../src/base/progress.ts';
import { ticketRecordSchema } from '../src/http/contract.ts';
import { createPipeline } from '../src/pipeline/pipeline.ts';
import { storeDueWords } from '../src/pipeline/store-words.ts';
import { openQueue } from '../src/queue/open-queue.ts';
import { createEventFeed } from '../src/store/event-feed.ts';
import { createEmbeddedBackend } from '../src/store/open-embedded.ts';
import { createStore, openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { createPipelineFixture } from '../src/testing/pipeline-fixture.ts';
import { createTestDatabase, openTestPglite, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { readingOf } from '../src/ticket/reading.ts';
import { embeddedWorkerSettings, startWorker } from '../src/worker/start-worker.ts';

const actor = { kind: 'token', id: 'api' } as const;

const fixtures = join(import.meta.dirname, '../src/store/fixtures');
/** What the store of the old version returned for the same rows. */
const before = JSON.parse(readFileSync(join(fixtures, 'store-0.1.0.json'), 'utf8'));
const oldDatabase = readFileSync(join(fixtures, 'store-0.1.0.sql'), 'utf8');

const countEach = <Value>(values: readonly Value[]) =>
  [...Map.groupBy(values, (value) => value)].map(([value, same]) => [value, same.length]);

type Upgraded = { readonly store: Store; readonly close: () => Promise<void> };
type Upgrade = (onProgress?: OnProgress) => Promise<Upgraded>;

const upgradePglite: Upgrade = async (onProgress) => {
  // The template of the tests opens sooner than a new store.
  const { store: today } = await openTestPglite();
  if (today.connection.kind !== 'embedded') throw new TypeError('PGlite expected');
  const { pglite } = today.connection;
  await pglite.exec('drop schema switchboard, pgboss, drizzle cascade; drop extension vector');
  await pglite.exec(oldDatabase);
  const store = createStore(await createEmbeddedBackend({ pglite, location: 'memory', onProgress }));
  return { store, close: () => store.close() };
};

const upgradePostgresql: Upgrade = async (onProgress) => {
  const { databaseUrl, drop } = await createTestDatabase();
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(oldDatabase);
  await client.end();
  const store = await openStore({ databaseUrl, dataDir: '', ...(onProgress && { onProgress }) });
  return {
    store,
    close: async () => {
      await store.close();
      await drop();
    },
  };
};

const kinds = [
  { kind: 'PGlite', skip: false, upgrade: upgradePglite },
  { kind: 'PostgreSQL', skip: testDatabaseUrl === null, upgrade: upgradePostgresql },
];

describe.each(kinds)('a filled database of 0.1.0 on $kind', ({ skip, upgrade }) => {
  describe.skipIf(skip)('', () => {
    let store: Store;
    let close: (() => Promise<void>) | undefined;
    const shown: Parameters<OnProgress>[0][] = [];
    beforeAll(async () => {
      ({ store, close } = await upgrade((progress) => void shown.push(progress)));
    });
    afterAll(async () => {
      await close?.();
    });

    test('the upgrade says how far it is, statement by statement', () => {
      const steps = shown.filter(({ step }) => step === 'upgrading the store');
      const total = steps[0]?.total ?? 0;
      expect(total).toBeGreaterThan(70);
      expect(steps.map(({ done }) => done)).toEqual(Array.from({ length: total }, (_, done) => done));
    });

    test('reads every ticket with its classification, decision, delivery and history as before', async () => {
      const records = [];
      for (const { ticketId } of before.tickets) records.push(await store.tickets.getRecord(ticketId));
      expect(records).toMatchObject(before.tickets);
      // The API can return them too.
      for (const record of records) {
        if (record === null) throw new TypeError('every ticket has a record');
        expect(
          ticketRecordSchema.safeParse({ ...record, ...readingOf(record.ticket), moveTo: null }).error,
        ).toBeUndefined();
      }
      const stored = [];
      for (const { id } of before.stored) stored.push(await store.tickets.get(id));
      expect(stored).toMatchObject(before.stored);
      const { items } = await store.tickets.list({ limit: 200 });
      expect(items.map(({ ticketId }) => ticketId).toReversed()).toEqual(
        before.tickets.map(({ ticketId }: { ticketId: string }) => ticketId),
      );
      expect(await store.history.lastSeq()).toBe(before.lastSeq);
    });

    test('reads the classification and the decision of a replaced revision', async () => {
      const ref = { ticketId: 'desk:7', revision: 1 };
      expect(await store.classifications.get(ref)).toMatchObject(before.firstRevision.classification);
      expect(await store.decisions.get(ref)).toMatchObject(before.firstRevision.decision);
    });

    test('counts its tickets, and finds them by their words once those are stored', async () => {
      const since = new Date(0);
      const until = new Date(Date.now() + 60_000);
      const teams = await store.figures.counts({ by: 'team', since, until });
      const listed = (await store.tickets.list({ limit: 200 })).items.map(({ assignment }) => assignment?.team ?? null);
      expect([...teams].sort()).toEqual([...countEach(listed)].sort());
      expect(await storeDueWords(store)).toBe(before.tickets.length);
      const { ticketId, ticket } = before.tickets[0];
      const { items } = await store.tickets.list({ filter: { text: ticket.body }, limit: 200 });
      expect(items.map((item) => item.ticketId)).toContain(ticketId);
    });

    test('reads feedback and examples with their source', async () => {
      const feedback = [];
      for (const { ticketId } of before.tickets) feedback.push(...(await store.feedback.ofTicket(ticketId)));
      expect(feedback).toMatchObject(before.feedback);
      expect(await store.examples.all()).toMatchObject(before.examples);
    });

    test('does the jobs that waited in it, and accepts new tickets', async () => {
      const queue = await openQueue({ connection: store.connection });
      const { context } = createPipelineFixture({ store, enqueue: queue.enqueue });
      const pipeline = createPipeline(context);
      const events = await createEventFeed({ store });
      const waiting = new Set(['waiting-1', 'desk:8', 'away-1', 'new-1']);
      const finished = Promise.withResolvers<void>();
      events.subscribe({
        onEvent: ({ ticketId, event }) => {
          if (event === 'delivered' && ticketId !== null) waiting.delete(ticketId);
          if (waiting.size === 0) finished.resolve();
        },
      });
      await pipeline.intake({ connector: 'api', actor, ticket: { id: 'new-1', body: 'Where is it?' } });
      const stop = await startWorker({
        queue,
        pipeline,
        store,
        settings: embeddedWorkerSettings,
        logger: silentLogger,
      });
      await finished.promise;
      await stop();
      await events.close();
      await queue.close();
      expect((await store.tickets.list({ limit: 1 })).items).toMatchObject([{ ticketId: 'new-1', state: 'decided' }]);
      expect(await store.tickets.count()).toEqual({ received: 0, decided: before.tickets.length + 1 });
    });
  });
});

test('an upgrade that ends in the middle leaves everything as it was', async () => {
  const { store: today } = await openTestPglite();
  if (today.connection.kind !== 'embedded') throw new TypeError('PGlite expected');
  const { pglite } = today.connection;
  await pglite.exec('drop schema switchboard, pgboss, drizzle cascade; drop extension vector');
  await pglite.exec(oldDatabase);
  const tablesOf = async () =>
    (await pglite.query('select table_name, column_name from information_schema.columns order by 1, 2')).rows;
  const before = await tablesOf();
  const close = pglite.close.bind(pglite);
  pglite.close = async () => {}; // A store that cannot be opened is closed, and here it is looked into.
  const onProgress: OnProgress = ({ done }) => {
    if (done === 60) throw new Error('the program was killed');
  };
  await expect(createEmbeddedBackend({ pglite, location: 'memory', onProgress })).rejects.toThrow(
    /Nothing was changed/,
  );
  expect(await tablesOf()).toEqual(before);
  await close();
});
