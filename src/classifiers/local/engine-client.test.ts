import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ClassifierError } from '../../errors.ts';
import { shopExamples, shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { EngineClient } from './engine-client.ts';
import { describeIntents } from './training-data.ts';

const taxonomy = smallTaxonomy(shopIntents);
const openClient = () => {
  const client = new EngineClient({
    open: {
      taxonomyVersion: taxonomy.version,
      intents: describeIntents(taxonomy),
      cacheDir: null,
      sharesModels: false,
      useEncoder: true,
      confidence: { targetPrecision: 0.8 },
    },
    examples: () => shopExamples().map((example) => ({ example, quotable: false })),
    onProgress: () => undefined,
    onState: () => undefined,
    wait: async () => {},
  });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
};
const input = { ticket: { id: 't', body: 'Where is my parcel?' } };

test.skipIf(!process.env.TEST_PROCESSES)(
  'a crashed worker is restarted with its examples, and the pending call gets its answer',
  async () => {
    await using client = openClient();
    const before = await client.ready();
    const asked = client.call('classify', input);
    await client.worker.terminate();
    expect((await asked).intent).toBe('shipping');
    expect((await client.ready()).examplesVersion).toBe(before.examplesVersion);
  },
);

test.skipIf(!process.env.TEST_PROCESSES)('a worker that crashes during its start is started again', async () => {
  await using client = openClient();
  const ready = client.ready();
  await client.worker.terminate();
  expect((await ready).exampleCount).toBe(shopExamples().length);
});

test('a call rejects when its signal aborts', async () => {
  await using client = openClient();
  await client.ready();
  const stop = new AbortController();
  const asked = client.call('classify', input, stop.signal);
  stop.abort();
  await expect(asked).rejects.toBeInstanceOf(ClassifierError);
});

test('a closed engine refuses calls', async () => {
  const client = openClient();
  await client.ready();
  await client.close();
  await expect(client.call('classify', input)).rejects.toThrow(/has been closed/);
});

test.skipIf(!process.env.TEST_PROCESSES)(
  'a process that closes the engine during a call ends without an error',
  async () => {
    const script = `
    import { createLocalClassifier } from ${JSON.stringify(new URL('./create-local-classifier.ts', import.meta.url).href)};
    const leaf = { id: 'a', name: 'a', description: 'A thing.', includes: [], excludes: [], examples: [], instructions: '', children: [] };
    const taxonomy = { name: 't', version: '1', priority: [], whenAngry: 'intent', instructions: '', intents: [leaf], nodes: new Map([['a', leaf]]), leaves: [leaf] };
    const classifier = await createLocalClassifier({ taxonomy, examples: [], cacheDir: null, confidence: { targetPrecision: 0.9 }, embedder: 'none' });
    const asked = classifier.classify({ ticket: { id: 't', body: 'hello' }, taxonomy }).catch(() => undefined);
    await classifier.close();
    await asked;
  `;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    await expect(run).resolves.toMatchObject({ stderr: '' });
  },
);
