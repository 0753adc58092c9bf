import type { Encoder } from './encoder/encoder.ts';
import type { TextVectors } from './parts.ts';
import type { TrainingProgress } from './train-model.ts';
import { hashText, readVectorCache, roundVectors, type VectorCache, writeVectorCache } from './vector-cache.ts';

/**
 * Windows of 128 tokens (about 100 words) of one text that are encoded: its beginning and its end. The lexical part
 * reads the whole text.
 */
export const MAX_WINDOWS = 2;
const BATCH = 32;

/** Returns the vectors of many texts by hash, from the cache where possible. Afterwards the cache has exactly these. */
export async function encodeTexts(options: {
  texts: readonly string[];
  encoderId: string;
  /** Returns the vectors of texts, as `encodeAll` does. */
  readMany: (texts: readonly string[]) => Promise<readonly TextVectors[]>;
  cacheDir: string | null;
  onProgress: TrainingProgress;
}): Promise<VectorCache> {
  const { cacheDir, encoderId, readMany, onProgress } = options;
  const known = cacheDir === null ? new Map<string, TextVectors>() : await readVectorCache(cacheDir, encoderId);
  const wanted = new Map(options.texts.map((text) => [hashText(text), text]));
  const vectors: VectorCache = new Map();
  const missing: [string, string][] = [];
  for (const [hash, text] of wanted) {
    const found = known.get(hash);
    if (found === undefined) missing.push([hash, text]);
    else vectors.set(hash, found);
  }
  // Sorted by length, because texts of similar length share a forward pass best.
  missing.sort(([, a], [, b]) => a.length - b.length);
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    const encoded = await readMany(batch.map(([, text]) => text));
    for (const [i, [hash]] of batch.entries()) vectors.set(hash, encoded[i]!);
    onProgress({ step: 'reading the examples', done: start + batch.length, total: missing.length });
  }
  const changed = missing.length > 0 || known.size !== vectors.size;
  if (cacheDir !== null && changed) await writeVectorCache(cacheDir, encoderId, vectors);
  return vectors;
}

/** Encodes texts as all parts of the engine use them: in up to `MAX_WINDOWS` windows, and rounded. */
export function encodeAll(encoder: Encoder, texts: readonly string[]): TextVectors[] {
  return encoder.describeMany(texts, MAX_WINDOWS).map(roundVectors);
}
