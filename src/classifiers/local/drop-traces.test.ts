import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryModelCache } from '../../testing/memory-model-cache.ts';
import { shopExamples, shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { createLocalClassifier } from './create-local-classifier.ts';
import { hashText } from './vector-cache.ts';

const gone = { id: 'gone', intent: 'billing', body: 'A lullaby for the letterbox, sung in F sharp' };

/** The key of a text in the file of vectors: 32-bit numbers in the byte order of the machine. */
function hashBytes(text: string): Buffer {
  const words = hashText(text).match(/.{8}/g) ?? [];
  return Buffer.from(Uint32Array.from(words, (word) => Number.parseInt(word, 16)).buffer);
}

/** Slow, so only with TEST_PROCESSES, which .ci/run sets. */
const slow = test.skipIf(!process.env.TEST_PROCESSES);

slow('no model and no vector of a removed example is left, on the disk or in the shared cache', async () => {
  await using folder = await temporaryFolder();
  const models = createMemoryModelCache();
  const engine = await createLocalClassifier({
    taxonomy: smallTaxonomy(shopIntents),
    examples: [...shopExamples(), gone],
    cacheDir: folder.path,
    models,
    confidence: { targetPrecision: 0.8 },
  });
  const vectors = () => readFile(join(folder.path, 'vectors.cache'));
  const modelFiles = async () => (await readdir(folder.path)).filter((name) => name.startsWith('engine-'));
  const [before = ''] = await modelFiles();
  expect((await vectors()).includes(hashBytes(gone.body))).toBe(true);
  // Incomplete files, as after a crash.
  await writeFile(join(folder.path, `${before}.x.tmp`), 'half a model');
  await writeFile(join(folder.path, 'vectors.cache.x.tmp'), 'half a cache');

  await engine.index.remove(['gone']);
  await engine.dropTraces();
  const [after, ...others] = await modelFiles();
  expect(others).toEqual([]);
  expect(after).not.toBe(before);
  expect(await readdir(folder.path)).toHaveLength(2);
  expect((await vectors()).includes(hashBytes(gone.body))).toBe(false);
  expect((await vectors()).includes(hashBytes(shopExamples()[0]?.body ?? ''))).toBe(true);
  expect([...models.models.keys()].map((key) => `engine-${key}.model`)).toEqual([after]);
  await engine.close();
});
