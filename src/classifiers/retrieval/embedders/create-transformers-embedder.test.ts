import { expect, test } from 'vitest';
import { hashEmbedder } from '../../../testing/hash-embedder.ts';
import { createModelUse } from '../../model-api/model-account.ts';
import { createEmbedder } from '../create-embedder.ts';
import { EmbedderError } from '../embedder.ts';
import { createTransformersEmbedder, type FeatureExtractor } from './create-transformers-embedder.ts';

type Call = { readonly texts: readonly string[]; readonly pooling: string };

/** A double of the pipeline of Transformers.js, with results of the same shape. */
function scriptedExtractor(calls: Call[], change: (rows: number[][]) => { dims: number[]; data: number[] }) {
  const words = hashEmbedder({ dimensions: 8 });
  const extract: FeatureExtractor = async (texts, { pooling }) => {
    calls.push({ texts, pooling });
    const vectors = await words.embedDocuments(texts.map((text) => ({ text })));
    return change(vectors.map((vector) => [...(vector ?? new Float32Array(8))]));
  };
  return async () => extract;
}
const asTensor = (rows: number[][]) => ({ dims: [rows.length, 8], data: rows.flat() });

test('embeds texts with any model of the hub, and finds out the width of its vectors', async () => {
  const calls: Call[] = [];
  const embedder = await createTransformersEmbedder({ model: 'a/model', load: scriptedExtractor(calls, asTensor) });
  expect(embedder).toMatchObject({ id: 'transformers:a/model:mean:8', dimensions: 8 });
  const [parcel, none] = await embedder.embedDocuments([{ text: 'parcel' }, { text: '' }]);
  expect(await embedder.embedQuery({ text: 'parcel' })).toEqual(parcel);
  expect(Math.hypot(...(parcel ?? []))).toBeCloseTo(1, 5);
  expect(none).toBeNull();
});

test('puts the configured prefix before a text, and has the prefixes in its id', async () => {
  const calls: Call[] = [];
  const embedder = await createTransformersEmbedder({
    model: 'a/model',
    pooling: 'cls',
    queryPrefix: 'query: ',
    documentPrefix: 'passage: ',
    load: scriptedExtractor(calls, asTensor),
  });
  await embedder.embedDocuments([{ text: 'parcel' }]);
  await embedder.embedQuery({ text: 'parcel' });
  expect(calls.slice(1)).toEqual([
    { texts: ['passage: parcel'], pooling: 'cls' },
    { texts: ['query: parcel'], pooling: 'cls' },
  ]);
  expect(embedder.id).toMatch(/^transformers:a\/model:cls:8:[0-9a-f]{8}$/);
});

test('reports a model that does not return one vector for each text', async () => {
  const load = scriptedExtractor([], (rows) => ({ dims: [1, rows.length, 8], data: rows.flat() }));
  const failure = createTransformersEmbedder({ model: 'a/model', load });
  await expect(failure).rejects.toThrow(EmbedderError);
  await expect(failure).rejects.toThrow('[1, 1, 8]');
});

const noKey = { embedded: null, voyageApiKey: null, redaction: true, modelUse: createModelUse(), prices: {} };

test('gives the command that installs the package when it is missing', async () => {
  const settings = { type: 'transformers', model: 'Xenova/all-MiniLM-L6-v2' } as const;
  const failure = createEmbedder({ settings, ...noKey });
  await expect(failure).rejects.toThrow('npm install @huggingface/transformers@3');
});

test('names the variable when the key of Voyage is missing', async () => {
  const settings = { type: 'voyage', model: 'voyage-4' } as const;
  const failure = createEmbedder({ settings, ...noKey });
  await expect(failure).rejects.toThrow('VOYAGE_API_KEY');
});
