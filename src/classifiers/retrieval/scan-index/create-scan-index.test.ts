import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeExampleIndex, describeForeignTickets, englishEmbedder } from '../../../testing/example-index-suite.ts';
import { startFakeVoyage } from '../../../testing/fake-voyage.ts';
import { hashEmbedder } from '../../../testing/hash-embedder.ts';
import { shopExamples } from '../../../testing/small-taxonomy.ts';
import { temporaryFolder } from '../../../testing/temporary-folder.ts';
import { redact } from '../../../ticket/redact-ticket.ts';
import { createModelAccount, createModelUse } from '../../model-api/model-account.ts';
import { type Embedder, EmbedderError } from '../embedder.ts';
import { createVoyageEmbedder } from '../embedders/create-voyage-embedder.ts';
import { createScanIndex } from './create-scan-index.ts';
import { hashText } from './vector-file.ts';

const search = { k: 5, perIntent: 5, minSimilarity: 0 };

describeExampleIndex('the scan with any embedder', (examples) =>
  createScanIndex({ examples, embedder: hashEmbedder(), cacheDir: null }),
);

describeForeignTickets('the scan with an English embedder', (examples) =>
  createScanIndex({ examples, embedder: englishEmbedder(), cacheDir: null }),
);

/** Records the texts that it embeds, and fails once it has embedded `failAfter` texts. */
function countingEmbedder(whole: Embedder, failAfter = Number.POSITIVE_INFINITY) {
  const embedded: string[] = [];
  const embedder: Embedder = {
    ...whole,
    embedDocuments: async (texts) => {
      if (embedded.length >= failAfter) throw new Error('crash');
      embedded.push(...texts.map(({ text }) => text));
      return whole.embedDocuments(texts);
    },
  };
  return { embedder, embedded };
}

describe('vectors in the data folder', () => {
  const open = async (cacheDir: string, embedder: Embedder) => {
    const steps: number[] = [];
    const index = await createScanIndex({
      examples: shopExamples(),
      embedder,
      cacheDir,
      onProgress: ({ done }) => steps.push(done),
    });
    await index.close?.();
    return steps;
  };

  test('are used at the next start, and each embedder has its own', async () => {
    await using folder = await temporaryFolder();
    const one = countingEmbedder(hashEmbedder({ id: 'one', dimensions: 32 }));
    const two = countingEmbedder(hashEmbedder({ id: 'two', dimensions: 16 }));
    expect(await open(folder.path, one.embedder)).toEqual([0, 16, 24]);
    expect(await open(folder.path, two.embedder)).toEqual([0, 16, 24]);
    expect(await open(folder.path, one.embedder)).toEqual([]);
    expect([one.embedded.length, two.embedded.length]).toEqual([24, 24]);
    expect(readdirSync(folder.path)).toHaveLength(2);
  });

  test('of removed examples can be removed from the disk, with the files of other embedders', async () => {
    await using folder = await temporaryFolder();
    await open(folder.path, hashEmbedder({ id: 'another', dimensions: 16 }));
    const { embedder, embedded } = countingEmbedder(hashEmbedder({ id: 'one', dimensions: 32 }));
    const index = await createScanIndex({ examples: shopExamples(), embedder, cacheDir: folder.path });
    const [removed] = shopExamples();
    await index.remove([removed?.id ?? '']);
    await index.dropTraces?.();
    await index.close?.();
    const [name = '', ...others] = readdirSync(folder.path);
    expect(others).toEqual([]);
    const bytes = readFileSync(join(folder.path, name));
    const hashOf = (example: (typeof removed & object) | undefined) =>
      Buffer.from(hashText(example?.body ?? ''), 'hex');
    expect(bytes.includes(hashOf(removed))).toBe(false);
    expect(bytes.includes(hashOf(shopExamples()[1]))).toBe(true);
    // The other examples are not embedded again.
    embedded.length = 0;
    await open(folder.path, embedder);
    expect(embedded).toEqual([removed?.body]);
  });

  test('of an example that is removed while it is embedded are not written', async () => {
    await using folder = await temporaryFolder();
    const whole = hashEmbedder({ id: 'one', dimensions: 32 });
    const asked = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const embedder: Embedder = {
      ...whole,
      embedDocuments: async (texts) => {
        asked.resolve();
        await goOn.promise;
        return whole.embedDocuments(texts);
      },
    };
    const index = await createScanIndex({ examples: [], embedder, cacheDir: folder.path });
    const upsert = index.upsert([{ id: 'gone', intent: 'billing', body: 'A lullaby for the letterbox' }]);
    await asked.promise;
    await index.remove(['gone']);
    goOn.resolve();
    await upsert;
    await index.close?.();
    const [name = ''] = readdirSync(folder.path);
    const hash = Buffer.from(hashText('A lullaby for the letterbox'), 'hex');
    expect(readFileSync(join(folder.path, name)).includes(hash)).toBe(false);
  });

  test('are written batch by batch, so that a crash loses one batch', async () => {
    await using folder = await temporaryFolder();
    const crashing = countingEmbedder(hashEmbedder({ batchSize: 8 }), 16);
    await expect(open(folder.path, crashing.embedder)).rejects.toThrow('crash');
    const rest = countingEmbedder(hashEmbedder({ batchSize: 8 }));
    await open(folder.path, rest.embedder);
    expect([...crashing.embedded, ...rest.embedded].toSorted()).toEqual(
      shopExamples()
        .map(({ body }) => body)
        .toSorted(),
    );
  });

  test.each([
    ['cut in the middle of a record', (bytes: Buffer) => bytes.subarray(0, -30), 1],
    ['with a flipped bit in the third record', (bytes: Buffer) => flip(bytes, 3), 22],
    ['with other content', () => Buffer.from('not a file of ours\n'.repeat(400)), 24],
  ])('are read up to the damage from a file %s', async (_name, damage, missing) => {
    await using folder = await temporaryFolder();
    await open(folder.path, hashEmbedder());
    const file = join(folder.path, readdirSync(folder.path)[0] ?? '');
    const whole = readFileSync(file);
    writeFileSync(file, damage(whole));
    const again = countingEmbedder(hashEmbedder());
    await open(folder.path, again.embedder);
    expect(again.embedded).toHaveLength(missing);
    expect(readFileSync(file)).toHaveLength(whole.length);
  });
});

/** Flips a bit in the middle of the record with this number; the first is 1. */
function flip(bytes: Buffer, number: number): Buffer {
  const copy = Buffer.from(bytes);
  const recordBytes = 16 + 64 * 4 + 4;
  const at = copy.indexOf('\n') + 1 + (number - 1) * recordBytes + 100;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('with an embedder that fails', () => {
  const away = () => Promise.reject(new EmbedderError({ embedder: 'test', retryable: true, message: 'away' }));

  test('examples are found by their words', async () => {
    const errors: unknown[] = [];
    const embedder = { ...hashEmbedder(), embedDocuments: away, embedQuery: away };
    const onError = (error: unknown) => errors.push(error);
    const index = await createScanIndex({ examples: shopExamples(), embedder, cacheDir: null, onError });
    const [found] = (await index.search({ ...search, text: 'Where is my parcel?' })).found;
    expect(found?.example.id).toBe('shipping-1');
    expect(errors).toHaveLength(2);
    await index.close?.();
  });

  test('the start fails when the failure will not pass', async () => {
    const refused = () => Promise.reject(new EmbedderError({ embedder: 'test', retryable: false, message: 'key' }));
    const embedder = { ...hashEmbedder(), embedDocuments: refused };
    const opening = createScanIndex({ examples: shopExamples(), embedder, cacheDir: null, onError: () => {} });
    await expect(opening).rejects.toThrow('key');
  });
});

test('nothing that identifies the author of a ticket or an example is sent to Voyage', async () => {
  await using fake = await startFakeVoyage();
  const account = createModelAccount({ use: createModelUse() });
  const embedder = createVoyageEmbedder({ account, apiKey: 'test-key', model: 'voyage-4', redact, baseUrl: fake.url });
  const requester = { name: 'Ottoline Brackenbury', email: 'ottoline@bracken.example' };
  const body = 'Ottoline Brackenbury here, my parcel is lost. Mail me: ottoline@bracken.example';
  const index = await createScanIndex({
    examples: [{ id: 'e-1', intent: 'shipping', body, requester }],
    embedder,
    cacheDir: null,
  });
  const ticket = { id: 't-1', body, requester };
  const [found] = (await index.search({ ...search, text: body, ticket })).found;
  expect(found?.example).toMatchObject({ id: 'e-1', requester });
  expect(found?.similarity).toBeCloseTo(1, 4);
  expect(fake.bodies).toHaveLength(2);
  expect(fake.bodies.join()).not.toMatch(/ottoline|bracken/i);
  await index.close?.();
});
