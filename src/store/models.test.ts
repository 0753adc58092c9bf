// On PostgreSQL, with TEST_DATABASE_URL: models are shared where processes share a database.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../base/drizzle.ts';
import { createLocalClassifier, type LocalClassifier } from '../classifiers/local/create-local-classifier.ts';
import type { ModelCache } from '../classifiers/local/model-cache.ts';
import { shopExamples, shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
import { openTestPostgresql, type TestStore, testDatabaseUrl } from '../testing/test-stores.ts';
import { advisoryLocks } from './advisory-locks.ts';
import { createModelStore } from './models.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';

const aKey = (name: string) => Buffer.from(name).toString('hex').padEnd(32, '0');
const noWait = () => {
  throw new Error('nobody else should be training this');
};
const never = new AbortController().signal;

describe.skipIf(testDatabaseUrl === null)('trained models on PostgreSQL', () => {
  let opened: TestStore;
  let other: Store;
  let first: ModelCache;
  /** As in another process: with its own pool. */
  let second: ModelCache;
  const cacheOf = ({ connection }: Store) => {
    if (connection.kind !== 'postgresql') throw new TypeError('a PostgreSQL expected');
    return createModelStore(connection.pool);
  };
  beforeAll(async () => {
    opened = await openTestPostgresql();
    other = await openStore({ databaseUrl: opened.databaseUrl, dataDir: '' });
    first = cacheOf(opened.store);
    second = cacheOf(other);
  });
  afterAll(async () => {
    await other?.close();
    await opened?.[Symbol.asyncDispose]();
  });

  test('are read back unchanged, however large', async () => {
    const bytes = new Uint8Array(randomBytes(9_000_001)).buffer;
    await first.put(aKey('large'), bytes);
    const read = await second.get(aKey('large'));
    expect(read === null ? null : Buffer.from(read).equals(Buffer.from(bytes))).toBe(true);
    expect(await second.get(aKey('nothing'))).toBeNull();
  });

  test('are kept as long as they are among the newest few', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'].map(aKey);
    for (const key of keys) await first.put(key, new ArrayBuffer(8));
    const kept = await Promise.all(keys.map(async (key) => (await first.get(key)) !== null));
    expect(kept).toEqual([false, false, true, true, true, true]);
  });

  test('are trained by one process at a time, each key for itself', async () => {
    const endTurn = await first.takeTurn({ key: aKey('x'), signal: never, onWait: noWait });
    await (await second.takeTurn({ key: aKey('y'), signal: never, onWait: noWait }))();
    const order: string[] = [];
    const waits = Promise.withResolvers<void>();
    const waiting = second.takeTurn({ key: aKey('x'), signal: never, onWait: waits.resolve }).then((end) => {
      order.push('second');
      return end;
    });
    await waits.promise;
    order.push('first ends');
    await endTurn();
    await (await waiting)();
    expect(order).toEqual(['first ends', 'second']);
  });

  test('are no longer waited for when the signal aborts, and a process that ends frees its turn', async () => {
    const dying = await openStore({ databaseUrl: opened.databaseUrl, dataDir: '' });
    const stopped = new AbortController();
    const endTurn = await cacheOf(dying).takeTurn({ key: aKey('x'), signal: never, onWait: noWait });
    const asked = first.takeTurn({ key: aKey('x'), signal: stopped.signal, onWait: () => stopped.abort() });
    await expect(asked).rejects.toThrow();
    const waits = Promise.withResolvers<void>();
    const next = second.takeTurn({ key: aKey('x'), signal: never, onWait: waits.resolve });
    await waits.promise;
    await opened.store.transaction(({ executor }) =>
      // As when the process of the lock's holder is killed.
      executor.execute(
        sql`select pg_terminate_backend(pid) from pg_locks l join pg_database d on d.oid = l.database
          where d.datname = current_database() and locktype = 'advisory' and granted and classid = ${advisoryLocks.training}`,
      ),
    );
    await (await next)();
    await endTurn();
    await dying.close();
  });

  test('serve every process on the database: one trains, the next loads and answers the same', async () => {
    const taxonomy = smallTaxonomy(shopIntents);
    const start = async (models: ModelCache) => {
      const steps = new Set<string>();
      const engine = await createLocalClassifier({
        taxonomy,
        examples: shopExamples(),
        cacheDir: null,
        models,
        confidence: { targetPrecision: 0.8 },
        onProgress: ({ step }) => steps.add(step),
      });
      return Object.assign(engine, { steps, [Symbol.asyncDispose]: () => engine.close() });
    };
    const ask = (engine: LocalClassifier) =>
      engine.classify({ ticket: { id: 't', body: 'Where is my parcel?' }, taxonomy });
    const facts = async (engine: LocalClassifier) => {
      const { intent, confidence, nearestExamples } = await ask(engine);
      return { intent, confidence, nearestExamples };
    };
    // Both start at once, as after a deployment: the second one waits and loads.
    const engines = await Promise.all([start(first), start(second)]);
    await using a = engines[0];
    await using b = engines[1];
    const trained = engines.filter(({ steps }) => [...steps].some((step) => !step.startsWith('waiting')));
    expect(trained).toHaveLength(1);
    expect(await facts(a)).toEqual(await facts(b));
    await using late = await start(second);
    expect([...late.steps]).toEqual([]);
    expect(await facts(late)).toEqual(await facts(a));

    // Later examples are trained by one of them too, and the progress of the other shows that it only loads.
    const news = { id: 'n', intent: 'billing', body: 'The voucher is refused' };
    for (const engine of [a, late]) engine.steps.clear();
    await Promise.all([a, late].map((engine) => engine.teach([{ example: news, quotable: false }])));
    await Promise.all([a.settled(), late.settled()]);
    const learned = [a, late].filter(({ steps }) => [...steps].some((step) => !step.startsWith('waiting')));
    expect(learned).toHaveLength(1);
    expect(await facts(a)).toEqual(await facts(late));
  });
});
