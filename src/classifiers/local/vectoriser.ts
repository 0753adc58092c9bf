import type { SparseVector } from './sparse-vector.ts';
import type { TextFeatures } from './text-features.ts';

/** Inverse document frequencies by hashed n-gram. Feature ids are consecutive: words first, then characters. */
export type Vectoriser = {
  readonly featureCount: number;
  /** Hashes of both blocks in order of id; ids below `wordCount` are words. */
  readonly hashes: Uint32Array;
  readonly wordCount: number;
  readonly idf: Float32Array;
  readonly wordIds: ReadonlyMap<number, number>;
  readonly characterIds: ReadonlyMap<number, number>;
};

// With fewer texts, character n-grams that occur only once are kept too (a measured choice).
const SMALL_SET = 1_000;
/** Most features that are kept, the most frequent first, so that a model of many long tickets fits in memory. */
const MAX_FEATURES = 400_000;

/** Collects the n-grams of the texts and how rare they are. */
export function fitVectoriser(texts: readonly TextFeatures[]): Vectoriser {
  const wordFrequency = new Map<number, number>();
  const characterFrequency = new Map<number, number>();
  for (const { words, characters } of texts) {
    for (const hash of words.keys()) wordFrequency.set(hash, (wordFrequency.get(hash) ?? 0) + 1);
    for (const hash of characters.keys()) characterFrequency.set(hash, (characterFrequency.get(hash) ?? 0) + 1);
  }
  const minCharacterFrequency = texts.length < SMALL_SET ? 1 : 2;
  const words = mostFrequent(wordFrequency, 1, MAX_FEATURES / 2);
  const characters = mostFrequent(characterFrequency, minCharacterFrequency, MAX_FEATURES / 2);
  const featureCount = words.length + characters.length;
  const hashes = new Uint32Array(featureCount);
  const idf = new Float32Array(featureCount);
  // Smooth idf as in scikit-learn: ln((1 + n) / (1 + df)) + 1.
  [...words, ...characters].forEach(([hash, frequency], id) => {
    hashes[id] = hash;
    idf[id] = Math.log((1 + texts.length) / (1 + frequency)) + 1;
  });
  return restoreVectoriser({ hashes, idf, wordCount: words.length });
}

/** Builds the look-up tables for the parts that are stored in a model file. */
export function restoreVectoriser(parts: { hashes: Uint32Array; idf: Float32Array; wordCount: number }): Vectoriser {
  const wordIds = new Map<number, number>();
  const characterIds = new Map<number, number>();
  parts.hashes.forEach((hash, id) => {
    if (id < parts.wordCount) wordIds.set(hash, id);
    else characterIds.set(hash, id);
  });
  return { ...parts, featureCount: parts.hashes.length, wordIds, characterIds };
}

function mostFrequent(frequencies: Map<number, number>, minimum: number, limit: number): [number, number][] {
  const kept = [...frequencies].filter(([, frequency]) => frequency >= minimum);
  if (kept.length <= limit) return kept;
  // Of equally frequent ones the lower hash comes first, so that the same texts give the same model on every machine.
  return kept.sort(([a, x], [b, y]) => y - x || a - b).slice(0, limit);
}

/** TF-IDF of a text with sublinear term frequency, each block scaled to length 1. Unknown n-grams are left out. */
export function vectorise(vectoriser: Vectoriser, features: TextFeatures): SparseVector {
  const indices: number[] = [];
  const values: number[] = [];
  appendBlock(features.words, vectoriser.wordIds, vectoriser.idf, indices, values);
  appendBlock(features.characters, vectoriser.characterIds, vectoriser.idf, indices, values);
  return { indices: Uint32Array.from(indices), values: Float32Array.from(values) };
}

function appendBlock(
  counts: ReadonlyMap<number, number>,
  ids: ReadonlyMap<number, number>,
  idf: Float32Array,
  indices: number[],
  values: number[],
): void {
  const start = values.length;
  let squares = 0;
  for (const [hash, count] of counts) {
    const id = ids.get(hash);
    if (id === undefined) continue;
    const value = (1 + Math.log(count)) * idf[id]!;
    indices.push(id);
    values.push(value);
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  for (let i = start; i < values.length; i++) values[i] = values[i]! / length;
}
