import { expect, test } from 'vitest';
import { createMemoryModelCache } from '../../testing/memory-model-cache.ts';
import { shopExamples, shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { createLocalClassifier } from './create-local-classifier.ts';
import type { ModelCache } from './model-cache.ts';
import { createTrainingTurns } from './training-turns.ts';

const bytes = Uint8Array.of(1, 2, 3).buffer;

function openTurns(cache: ModelCache) {
  const errors: unknown[] = [];
  const waiting = Promise.withResolvers<void>();
  const turns = createTrainingTurns({
    cache,
    onProgress: ({ step }) => {
      expect(step).toBe('waiting for another process that trains the same model');
      waiting.resolve();
    },
    onError: (error) => errors.push(error),
  });
  return { ...turns, errors, waits: waiting.promise };
}

test('the second process waits for the model of the first and does not train', async () => {
  const cache = createMemoryModelCache();
  const [first, second] = [openTurns(cache), openTurns(cache)];
  expect(await first.claim('k')).toBeNull();
  const claimed = second.claim('k');
  await second.waits;
  await first.finish('k', bytes);
  expect(await claimed).toEqual(bytes);
  // The second process has no turn left: a third one loads at once.
  expect(await openTurns(cache).claim('k')).toEqual(bytes);
});

test.each([
  ['fails', (turns: ReturnType<typeof openTurns>) => turns.finish('k', null)],
  ['ends', (turns: ReturnType<typeof openTurns>) => turns.giveUp()],
])('where the training of the first %s, the second trains', async (_, stop) => {
  const cache = createMemoryModelCache();
  const [first, second] = [openTurns(cache), openTurns(cache)];
  await first.claim('k');
  const claimed = second.claim('k');
  await second.waits;
  await stop(first);
  expect(await claimed).toBeNull();
});

test('a process that gives up stops waiting and keeps no turn', async () => {
  const cache = createMemoryModelCache();
  const [first, second] = [openTurns(cache), openTurns(cache)];
  await first.claim('k');
  const claimed = second.claim('k');
  await second.waits;
  await second.giveUp();
  expect(await claimed).toBeNull();
  expect(second.errors).toEqual([]);
  await first.finish('k', null);
  expect(await openTurns(cache).claim('k')).toBeNull();
});

test('a cache that fails is reported and does not prevent training', async () => {
  const away = async () => {
    throw new RangeError('away');
  };
  const turns = openTurns({ get: away, put: away, keepOnly: away, takeTurn: away });
  expect(await turns.claim('k')).toBeNull();
  await turns.finish('k', bytes);
  expect(turns.errors).toEqual([new RangeError('away'), new RangeError('away')]);
});

test('one can wait until a trained model is in the cache', async () => {
  const cache = createMemoryModelCache();
  const written = Promise.withResolvers<void>();
  const order: string[] = [];
  const turns = openTurns({
    ...cache,
    put: async (key, model) => {
      await written.promise;
      await cache.put(key, model);
      order.push('put');
    },
  });
  await turns.claim('k');
  const finished = turns.finish('k', bytes);
  const shared = turns.shared().then(() => order.push('shared'));
  written.resolve();
  await Promise.all([finished, shared]);
  expect(order).toEqual(['put', 'shared']);
});

// Trains four times, so it needs TEST_PROCESSES.
test.skipIf(!process.env.TEST_PROCESSES)(
  'an engine loads a shared model, replaces a damaged one, and trains its own where sharing fails',
  async () => {
    const taxonomy = smallTaxonomy(shopIntents);
    const start = async (models: ModelCache) => {
      let steps = 0;
      const engine = await createLocalClassifier({
        taxonomy,
        examples: shopExamples(),
        cacheDir: null,
        models,
        confidence: { targetPrecision: 0.8 },
        embedder: 'none',
        onProgress: () => steps++,
      });
      const { confidence } = await engine.classify({ ticket: { id: 't', body: 'Where is my parcel?' }, taxonomy });
      await engine.close();
      return { hasTrained: steps > 0, confidence };
    };
    const cache = createMemoryModelCache();
    const trained = await start(cache);
    expect(trained.hasTrained).toBe(true);
    expect(await start(cache)).toEqual({ hasTrained: false, confidence: trained.confidence });
    const [[key, good] = []] = [...cache.models];
    if (key === undefined || good === undefined) throw new Error('a model expected');
    cache.models.set(key, good.slice(0, 100));
    expect(await start(cache)).toEqual(trained);
    expect(cache.models.get(key)?.byteLength).toBe(good.byteLength);
    const away = async () => {
      throw new RangeError('away');
    };
    expect(await start({ get: away, put: away, keepOnly: away, takeTurn: away })).toEqual(trained);
  },
);
