import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../base/hash.ts';
import { writeAtomically } from '../../base/write-atomically.ts';
import { packArrays, unpackArrays } from './packed-arrays.ts';
import type { TextVectors } from './parts.ts';

/** Vectors of encoded texts by the hash of the text, kept because encoding is the slowest step of a start. */
export type VectorCache = Map<string, TextVectors>;

const FILE = 'vectors.cache';
// Components of a unit vector are stored in 16 bits: half the space, with an error of 2e-5 at most.
const SCALE = 32_767;
const HASH_WORDS = 4;

type Facts = { readonly encoder: string; readonly width: number };

/** The checksum has shown that `writeVectorCache` wrote them, so the cast is safe. */
function readFacts(facts: unknown, encoderId: string): Facts | null {
  const isOurs = typeof facts === 'object' && facts !== null && 'encoder' in facts && facts.encoder === encoderId;
  return isOurs ? (facts as Facts) : null;
}

export function hashText(text: string): string {
  return sha256(text).slice(0, 8 * HASH_WORDS);
}

/** Rounds vectors as packing does, so that training gets the same numbers with and without a cache. */
export function roundVectors({ sentence, content }: TextVectors): TextVectors {
  const round = (vector: Float32Array) => vector.map((value) => Math.round(value * SCALE) / SCALE);
  return { sentence: round(sentence), content: round(content) };
}

/** Packs vectors into half the space; without loss if `roundVectors` has rounded them. */
export function packVectors(vectors: Float32Array): Int16Array {
  const packed = new Int16Array(vectors.length);
  for (let i = 0; i < vectors.length; i++) packed[i] = Math.round(vectors[i]! * SCALE);
  return packed;
}

export function unpackVectors(packed: Int16Array): Float32Array {
  const vectors = new Float32Array(packed.length);
  for (let i = 0; i < packed.length; i++) vectors[i] = packed[i]! / SCALE;
  return vectors;
}

/** Reads the cache; empty when there is no usable file, or one of another encoder. */
export async function readVectorCache(cacheDir: string, encoderId: string): Promise<VectorCache> {
  const cache: VectorCache = new Map();
  const bytes = await readFile(join(cacheDir, FILE)).catch(() => null);
  const packed = bytes === null ? null : unpackArrays(new Uint8Array(bytes).buffer);
  const facts = readFacts(packed?.facts, encoderId);
  if (packed === null || facts === null) return cache;
  const { width } = facts;
  const { hashes, vectors } = packed.arrays;
  if (!(hashes instanceof Uint32Array) || !(vectors instanceof Int16Array)) return cache;
  const unpack = (start: number) => unpackVectors(vectors.subarray(start, start + width));
  for (let row = 0; row * HASH_WORDS < hashes.length; row++) {
    const words = [...hashes.subarray(row * HASH_WORDS, (row + 1) * HASH_WORDS)];
    const hash = words.map((word) => word.toString(16).padStart(8, '0')).join('');
    cache.set(hash, { sentence: unpack(2 * row * width), content: unpack((2 * row + 1) * width) });
  }
  return cache;
}

/**
 * Removes the vectors of all other texts from the cache, and all vectors where there is no encoder. Incomplete files
 * that a crash left behind are removed too.
 */
export async function keepVectors(
  cacheDir: string,
  encoderId: string | null,
  textHashes: ReadonlySet<string>,
): Promise<void> {
  const names = (await readdir(cacheDir).catch(() => [])).filter((name) => name.startsWith(FILE));
  const cache: VectorCache = encoderId === null ? new Map() : await readVectorCache(cacheDir, encoderId);
  const kept: VectorCache = new Map([...cache].filter(([hash]) => textHashes.has(hash)));
  const isWhole = kept.size === cache.size && kept.size > 0;
  const unwanted = names.filter((name) => name !== FILE || !isWhole);
  await Promise.all(unwanted.map((name) => rm(join(cacheDir, name), { force: true })));
  if (encoderId !== null && kept.size > 0 && !isWhole) await writeVectorCache(cacheDir, encoderId, kept);
}

/** Writes exactly these vectors, which must have been rounded by `roundVectors`. */
export async function writeVectorCache(cacheDir: string, encoderId: string, cache: VectorCache): Promise<void> {
  const width = cache.values().next().value?.sentence.length ?? 0;
  const hashes = new Uint32Array(cache.size * HASH_WORDS);
  const vectors = new Int16Array(cache.size * 2 * width);
  let row = 0;
  for (const [hash, { sentence, content }] of cache) {
    for (let i = 0; i < HASH_WORDS; i++) {
      hashes[row * HASH_WORDS + i] = Number.parseInt(hash.slice(8 * i, 8 * i + 8), 16);
    }
    vectors.set(packVectors(sentence), 2 * row * width);
    vectors.set(packVectors(content), (2 * row + 1) * width);
    row++;
  }
  await writeAtomically(
    join(cacheDir, FILE),
    packArrays({ facts: { encoder: encoderId, width }, arrays: { hashes, vectors } }),
  );
}
