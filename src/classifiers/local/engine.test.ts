import { expect, test } from 'vitest';
import { searchInProcess } from '../../testing/search-in-process.ts';
import { Engine } from './engine.ts';
import { ExampleReader } from './search-thread/example-reader.ts';

/** An engine without an encoder and without a model, which searches need neither of. */
function openEngine() {
  const reader = new ExampleReader();
  const engine = new Engine({
    searches: searchInProcess(reader),
    settings: {
      taxonomyVersion: 'v',
      intents: [{ id: 'delivery', name: 'delivery', texts: ['delivery'] }],
      cacheDir: null,
      sharesModels: false,
      useEncoder: false,
      encoderModel: null,
      confidence: { targetPrecision: 0.95 },
    },
    onProgress: () => undefined,
    onState: () => undefined,
    onEncoderLoaded: () => undefined,
    onTrainer: () => undefined,
    models: null,
  });
  return { engine, reader };
}

const many = Array.from({ length: 100 }, (_, i) => ({
  example: { id: `e${i}`, intent: 'delivery', body: `parcel ${i} is lost` },
  quotable: true,
}));
const search = { language: 'en', k: 5, perIntent: 5, minSimilarity: 0, minCommonWords: 0 } as const;

test('a search does not wait until many examples have been added', async () => {
  const { engine, reader } = openEngine();
  const order: string[] = [];
  await Promise.all([
    engine.add(many).then(() => order.push('added')),
    reader.search({ ...search, text: 'a lost parcel' }).then(() => order.push('found')),
  ]);
  expect(order).toEqual(['found', 'added']);
  expect(engine.state.exampleCount).toBe(100);
});

test('an example that is removed while many are added stays removed', async () => {
  const { engine, reader } = openEngine();
  await Promise.all([engine.add(many), engine.remove(['e99']), engine.add([{ ...many[0]!, quotable: false }])]);
  expect(engine.state.exampleCount).toBe(99);
  const { found } = await reader.search({ ...search, text: 'parcel 99' });
  expect(found.map(({ id }) => id)).not.toContain('e99');
});
