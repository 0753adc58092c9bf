import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from '../../base/drizzle.ts';
import { type Embedder, EmbedderError, toUnitVector } from '../../classifiers/retrieval/embedder.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import { describeExampleIndex, describeForeignTickets, englishEmbedder } from '../../testing/example-index-suite.ts';
import { hashEmbedder } from '../../testing/hash-embedder.ts';
import { shopExamples } from '../../testing/small-taxonomy.ts';
import { storeKinds, type TestStore } from '../../testing/test-stores.ts';
import type { Store } from '../store.ts';
import { openSqlExampleIndex } from './open-sql-example-index.ts';

const search = { k: 5, perIntent: 5, minSimilarity: 0 };

function fill(store: Store, examples: readonly Example[]) {
  return store.transaction((transaction) =>
    transaction.examples.upsert(examples.map((example) => ({ example, source: 'file' as const }))),
  );
}

function clear(store: Store) {
  return store.transaction(async ({ executor }) => {
    await executor.execute(sql`truncate switchboard.examples, switchboard.embedders cascade`);
    const { rows } = await executor.execute(sql`select indexname from pg_indexes where indexdef like '%hnsw%'`);
    for (const { indexname } of rows)
      await executor.execute(sql`drop index switchboard.${sql.identifier(String(indexname))}`);
  });
}

async function countVectors(store: Store) {
  const { rows } = await store.transaction(({ executor }) =>
    executor.execute(sql`select e.name, count(v.vector)::int as vectors from switchboard.embedders e
      left join switchboard.example_vectors v on v.embedder_id = e.id group by e.name order by e.name`),
  );
  return rows;
}

describe.each(storeKinds)('the index in SQL on $kind', ({ kind, skip, open }) => {
  if (skip) {
    test.skip('needs TEST_DATABASE_URL', () => {});
    return;
  }
  let opened: TestStore;
  let store: Store;
  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  for (const embedder of [hashEmbedder(), null]) {
    describeExampleIndex(`SQL ${embedder === null ? 'by words' : 'by words and vectors'}`, async (examples) => {
      await clear(store);
      await fill(store, examples);
      return openSqlExampleIndex({ store, embedder });
    });
  }

  describeForeignTickets('SQL with an English embedder', async (examples) => {
    await clear(store);
    await fill(store, examples);
    return openSqlExampleIndex({ store, embedder: englishEmbedder() });
  });

  describe('beyond what every index does', () => {
    beforeEach(() => clear(store));

    test('embeds again for another embedder and keeps the vectors separate', async () => {
      await fill(store, shopExamples());
      const one = hashEmbedder({ id: 'one', dimensions: 64 });
      const two = hashEmbedder({ id: 'two', dimensions: 32 });
      await openSqlExampleIndex({ store, embedder: one });
      const index = await openSqlExampleIndex({ store, embedder: two });
      const count = shopExamples().length;
      expect(await countVectors(store)).toEqual([
        { name: 'one', vectors: count },
        { name: 'two', vectors: count },
      ]);
      await index.upsert([{ id: 'new', intent: 'billing', body: 'My voucher code is refused' }]);
      expect(await countVectors(store)).toEqual([
        { name: 'one', vectors: count },
        { name: 'two', vectors: count + 1 },
      ]);
      const [found] = (await index.search({ ...search, text: 'voucher code refused' })).found;
      expect(found?.example.id).toBe('new');
    });

    test('the totals stay those of the texts, whatever is added, changed and removed', async () => {
      const totals = async (from: string) => {
        const { rows } = await store.transaction(({ executor }) => executor.execute(sql.raw(from)));
        return rows[0];
      };
      const expectTheSame = async () =>
        expect(
          await totals(`select sum(texts)::int as texts, sum(words)::int as words, bit_xor(hash)::text as hash
            from switchboard.example_text_changes`),
        ).toEqual(
          await totals(`select count(*)::int as texts, sum(word_count)::int as words,
            bit_xor(('x' || left(content_hash, 16))::bit(64)::bigint)::text as hash from switchboard.example_texts`),
        );
      await fill(store, shopExamples());
      const index = await openSqlExampleIndex({ store, embedder: null });
      await index.upsert([
        { id: 'new', intent: 'billing', body: 'My voucher code is refused' },
        { id: shopExamples()[0]!.id, intent: 'billing', body: 'Other words now' },
      ]);
      await expectTheSame();
      await index.remove([shopExamples()[1]!.id]);
      await expectTheSame();
      const { version } = index;
      await store.transaction(({ examples }) => examples.purgeRemoved(new Date(0)));
      await expectTheSame();
      expect(await totals('select count(*)::int as rows from switchboard.example_text_changes')).toEqual({ rows: 1 });
      expect((await openSqlExampleIndex({ store, embedder: null })).version).toBe(version);
    });

    test('continues after a crash, reports its progress, and embeds nothing twice', async () => {
      await fill(store, shopExamples());
      const whole = hashEmbedder({ batchSize: 8 });
      const embedded: string[] = [];
      const counting = (failAfter: number): Embedder => ({
        ...whole,
        embedDocuments: async (texts) => {
          if (embedded.length >= failAfter) throw new Error('crash');
          embedded.push(...texts.map(({ text }) => text));
          return whole.embedDocuments(texts);
        },
      });
      await expect(openSqlExampleIndex({ store, embedder: counting(16) })).rejects.toThrow('crash');
      expect(embedded).toHaveLength(16);
      const steps: [number, number | null][] = [];
      await openSqlExampleIndex({
        store,
        embedder: counting(1_000),
        onProgress: ({ done, total }) => steps.push([done, total]),
      });
      // Steps without a total are waits: the server may take a moment to free the lock of the crashed process.
      expect(steps.filter(([, total]) => total !== null)).toEqual([
        [0, 8],
        [8, 8],
      ]);
      expect(embedded.toSorted()).toEqual(
        shopExamples()
          .map(({ body }) => body)
          .toSorted(),
      );
    });

    // PGlite belongs to one process by its lock.
    if (kind !== 'PGlite') {
      test('is embedded by one of two processes, while the other waits', async () => {
        await fill(store, shopExamples());
        const whole = hashEmbedder({ batchSize: 4 });
        let embedded = 0;
        const otherWaits = Promise.withResolvers<void>();
        const slow: Embedder = {
          ...whole,
          embedDocuments: async (texts) => {
            embedded += texts.length;
            // Not before the other one has found it at work.
            await otherWaits.promise;
            return whole.embedDocuments(texts);
          },
        };
        const onProgress = ({ step }: { step: string }) => {
          if (step === 'waiting for another process that embeds the examples') otherWaits.resolve();
        };
        const openOne = () => openSqlExampleIndex({ store, embedder: slow, onProgress });
        const [one, two] = await Promise.all([openOne(), openOne()]);
        expect(embedded).toBe(shopExamples().length);
        expect(one.version).toBe(two.version);
      });
    }

    test('uses words while the embedder fails, and vectors once it works again', async () => {
      await fill(store, shopExamples());
      const whole = hashEmbedder();
      const away = () => Promise.reject(new EmbedderError({ embedder: 'test', retryable: true, message: 'away' }));
      const errors: unknown[] = [];
      const offline = await openSqlExampleIndex({
        store,
        embedder: { ...whole, embedDocuments: away, embedQuery: away },
        onError: (error) => errors.push(error),
      });
      const [found] = (await offline.search({ ...search, text: 'Where is my parcel?' })).found;
      expect(found?.example.id).toBe('shipping-1');
      expect(errors).toHaveLength(2);
      await openSqlExampleIndex({ store, embedder: whole });
      expect(await countVectors(store)).toEqual([{ name: whole.id, vectors: shopExamples().length }]);
    });

    test('does not open with an embedder whose failure will not pass', async () => {
      await fill(store, shopExamples());
      const refused = () => Promise.reject(new EmbedderError({ embedder: 'test', retryable: false, message: 'key' }));
      const embedder = { ...hashEmbedder(), embedDocuments: refused };
      await expect(openSqlExampleIndex({ store, embedder, onError: () => {} })).rejects.toThrow('key');
    });

    test('does not embed a text again that the embedder cannot read', async () => {
      await fill(store, shopExamples());
      let asked = 0;
      const embedder: Embedder = {
        ...hashEmbedder(),
        embedDocuments: async (texts) => {
          asked += texts.length;
          return texts.map(() => null);
        },
      };
      await openSqlExampleIndex({ store, embedder });
      const index = await openSqlExampleIndex({ store, embedder });
      expect(asked).toBe(shopExamples().length);
      const [found] = (await index.search({ ...search, text: 'Where is my parcel?' })).found;
      expect(found?.example.id).toBe('shipping-1');
    });

    test('does not find a ticket that belongs to nobody', async () => {
      await fill(store, shopExamples());
      const nobody = { id: 'nobody', body: 'Who shares my flat in Leipzig?', intent: null, outOfScope: true };
      await store.transaction(({ examples }) => examples.upsert([{ example: nobody, source: 'feedback' }]));
      const index = await openSqlExampleIndex({ store, embedder: hashEmbedder() });
      await index.refresh(['nobody']);
      const { found } = await index.search({ text: nobody.body, k: 5, perIntent: 5, minSimilarity: 0 });
      expect(found.map(({ example }) => example.id)).not.toContain('nobody');
      const { rows } = await store.transaction(({ executor }) =>
        executor.execute(sql`select 1 from switchboard.example_texts where example_id = 'nobody'`),
      );
      expect(rows).toEqual([]);
    });

    test('finds only examples of intents that the taxonomy still has', async () => {
      await fill(store, shopExamples());
      const renamed: Record<string, string> = { billing: 'money', returns: 'returns' };
      const presentIntent = (intent: string) => renamed[intent] ?? null;
      const index = await openSqlExampleIndex({ store, embedder: hashEmbedder(), presentIntent });
      const { found } = await index.search({ ...search, k: 24, perIntent: 24, text: 'Where is my parcel?' });
      expect(new Set(found.map(({ example }) => example.intent))).toEqual(new Set(['money', 'returns']));
    });

    test('keeps the source of a stored example, and does not find one that the store has removed', async () => {
      await fill(store, shopExamples());
      const index = await openSqlExampleIndex({ store, embedder: hashEmbedder() });
      await index.upsert([{ id: 'shipping-1', intent: 'shipping', body: 'Where has my parcel gone?' }]);
      expect((await store.examples.find(['shipping-1']))[0]?.source).toBe('file');
      await store.examples.remove(['shipping-1']);
      const { found } = await index.search({ ...search, k: 24, perIntent: 24, text: 'Where has my parcel gone?' });
      expect(found.map(({ example }) => example.id)).not.toContain('shipping-1');
    });

    test('keeps no vector of an example that is removed while it is embedded', async () => {
      await fill(store, shopExamples());
      const removed = shopExamples()[0]?.id ?? '';
      const plain = hashEmbedder();
      const embedder: Embedder = {
        ...plain,
        async embedDocuments(texts) {
          await store.examples.remove([removed]);
          return plain.embedDocuments(texts);
        },
      };
      await openSqlExampleIndex({ store, embedder });
      const { rows } = await store.transaction(({ executor }) =>
        executor.execute(sql`select example_id from switchboard.example_vectors where example_id = ${removed}
        union all select example_id from switchboard.example_texts where example_id = ${removed}`),
      );
      expect(rows).toEqual([]);
      expect(await countVectors(store)).toEqual([{ name: 'hash', vectors: shopExamples().length - 1 }]);
    });

    test('reads from the store what another process wrote, and writes nothing back', async () => {
      await fill(store, shopExamples());
      const index = await openSqlExampleIndex({ store, embedder: hashEmbedder() });
      const newer: Example = { id: 'shipping-1', intent: 'billing', body: 'My voucher code is refused' };
      await fill(store, [newer]);
      const before = index.version;
      await index.refresh(['shipping-1', 'unknown']);
      expect(index.version).not.toBe(before);
      const [found] = (await index.search({ ...search, text: 'voucher code refused' })).found;
      expect(found?.example).toEqual(newer);
      expect(found?.similarity).toBeGreaterThan(0.5);
    });

    test('treats words with a special meaning in PostgreSQL as plain words', async () => {
      const example: Example = {
        id: 'odd',
        intent: 'billing',
        body: "It's O'Brien's back\\slash & (voucher) | !not:* 日本語の請求書",
      };
      await fill(store, [...shopExamples(), example]);
      const index = await openSqlExampleIndex({ store, embedder: null });
      for (const text of ["O'Brien's", 'back\\slash & | ! :* ()', '請求書', "it's '' \\'"]) {
        expect((await index.search({ ...search, text })).found[0]?.example.id, text).toBe('odd');
      }
    });

    test(kind === 'PGlite' ? 'builds no index over vectors' : 'builds one HNSW index for each embedder', async () => {
      await fill(store, shopExamples());
      for (const id of ['one', 'two']) {
        await openSqlExampleIndex({ store, embedder: hashEmbedder({ id }) });
      }
      const { rows } = await store.transaction(({ executor }) =>
        executor.execute(sql`select indexdef from pg_indexes where indexdef like '%hnsw%' order by indexname`),
      );
      expect(rows).toHaveLength(kind === 'PGlite' ? 0 : 2);
      if (kind !== 'PGlite') expect(JSON.stringify(rows)).toContain('vector_cosine_ops');
    });
  });
});

test('a vector of zeros has no direction', () => {
  expect(toUnitVector([0, 0])).toBeNull();
});
