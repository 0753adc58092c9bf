import type { Embedder } from '../../src/classifiers/retrieval/embedder.ts';
import { seededRandom, seedFromText } from '../../src/evaluation/metrics/seeded-random.ts';

const DIMENSIONS = 512;

/** Unit vectors that depend on the text alone. */
export const randomEmbedder: Embedder = {
  id: `random-${DIMENSIONS}`,
  dimensions: DIMENSIONS,
  batchSize: 500,
  embedDocuments: async (texts) => texts.map(({ text }) => randomVector(text)),
  embedQuery: async ({ text }) => randomVector(text),
};

function randomVector(text: string): Float32Array {
  const random = seededRandom(seedFromText(text));
  const vector = Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
