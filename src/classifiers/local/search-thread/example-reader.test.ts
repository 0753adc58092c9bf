import { expect, test } from 'vitest';
import { hashEmbedder } from '../../../testing/hash-embedder.ts';
import { shopExamples } from '../../../testing/small-taxonomy.ts';
import type { ReadsTexts } from '../encoder-thread/encoder-client.ts';
import { prepareExample } from '../example-set.ts';
import { ExampleReader } from './example-reader.ts';

const embedder = hashEmbedder({ dimensions: 32 });
const vectorsOf = async (text: string) => {
  const sentence = (await embedder.embedQuery({ text })) ?? new Float32Array(32);
  return { sentence, content: sentence };
};
const encoder: ReadsTexts = {
  id: 'fake',
  read: vectorsOf,
  readMany: (texts) => Promise.all(texts.map(vectorsOf)),
};
const prepared = shopExamples().map((example) => prepareExample(example));
const search = { language: 'en', k: 5, perIntent: 5, minSimilarity: 0, minCommonWords: 0 };

async function openReader(): Promise<ExampleReader> {
  const reader = new ExampleReader();
  reader.useEncoder(encoder);
  reader.put(prepared);
  for (const { id, text } of prepared) {
    reader.setVectors({ ids: [id], vectors: Float32Array.from((await vectorsOf(text)).sentence), onlyMissing: false });
  }
  return reader;
}

test('searches that wait together find what each of them finds alone', async () => {
  const reader = await openReader();
  const texts = [...prepared.map(({ text }) => text), '', 'parcel', 'Wo ist mein Paket?'];
  const searches = texts.map((text, i) => ({ ...search, text, language: i % 3 === 0 ? 'de' : 'en' }));
  const alone: unknown[] = [];
  for (const each of searches) alone.push(await reader.search(each));
  expect(await Promise.all(searches.map((each) => reader.search(each)))).toEqual(alone);
});

test('the engine gets the vectors of a text with the examples that are nearest to it', async () => {
  const reader = await openReader();
  const [example] = prepared;
  const text = example?.text ?? '';
  const found = await reader.find({ text, language: 'en', k: 1, perIntent: 1, minSimilarity: 0 });
  expect(found.vectors).toEqual(await vectorsOf(text));
  expect(found.nearest).toEqual([{ id: example?.id, similarity: expect.closeTo(1, 5) }]);
  expect(found.highestCosine).toBeCloseTo(1, 5);
});

test('vectors of a model do not replace those of examples that have been read since', async () => {
  const reader = await openReader();
  const [one, other] = prepared;
  const wrong = Float32Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
  reader.setVectors({ ids: [one!.id], vectors: wrong, onlyMissing: true });
  const nearest = async (text: string) =>
    (await reader.find({ text, language: 'en', k: 1, perIntent: 1, minSimilarity: 0 })).nearest[0]?.similarity;
  expect(await nearest(one!.text)).toBeCloseTo(1, 5);
  reader.setVectors({ ids: [other!.id], vectors: wrong, onlyMissing: false });
  expect(await nearest(other!.text)).toBeLessThan(0.99);
});
