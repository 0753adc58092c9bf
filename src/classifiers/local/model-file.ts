import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../base/write-atomically.ts';
import type { DenseRegression } from './dense-regression.ts';
import { type PackableArray, packArrays, unpackArrays } from './packed-arrays.ts';
import type { LocalModel } from './train-model.ts';
import { packVectors } from './vector-cache.ts';
import { restoreVectoriser } from './vectoriser.ts';

/** Part of the key of a model file. Raise it when features, training or the layout of the file change. */
export const ENGINE_VERSION = 7;
const KEPT_FILES = 3;

type Facts = Omit<LocalModel, 'parts'> & {
  readonly key: string;
  readonly wordCount: number;
  /** Length of the encoder's vectors; null without an encoder. */
  readonly width: number | null;
};

/**
 * The facts of a file of this version. The checksum has shown that `packModel` wrote them, and the key, which depends on
 * ENGINE_VERSION, that it was this one; so the cast is safe. A schema library would cost each thread megabytes.
 */
function readFacts(facts: unknown, key: string): Facts | null {
  const isOurs = typeof facts === 'object' && facts !== null && 'key' in facts && facts.key === key;
  return isOurs ? (facts as Facts) : null;
}

/** A trained model, with the sentence vectors of the examples that it was trained on. */
export type TrainedModel = {
  readonly model: LocalModel;
  /**
   * All vectors in one array, in the order of the examples' ids; zeros where the encoder does not read the language.
   */
  readonly sentences: Float32Array;
};

/** Packs a model and its key into bytes. The vectors must have been rounded by `roundVectors`. */
export function packModel({ model, sentences }: TrainedModel, key: string): ArrayBuffer {
  const { parts, ...rest } = model;
  const { vectoriser, lexical, dense } = parts;
  const facts: Facts = { ...rest, key, wordCount: vectoriser.wordCount, width: dense?.sentence.width ?? null };
  const arrays: Record<string, PackableArray> = {
    hashes: vectoriser.hashes,
    idf: vectoriser.idf,
    lexical: lexical.weights,
    sentences: packVectors(sentences),
  };
  if (dense !== null) {
    arrays.sentence = dense.sentence.weights;
    arrays.sentenceBias = dense.sentence.bias;
    arrays.content = dense.content.weights;
    arrays.contentBias = dense.content.bias;
  }
  return packArrays({ facts, arrays });
}

/** As `TrainedModel`, with the vectors still packed: of 10,000 examples, unpacking them takes a tenth of a second. */
export type UnpackedModel = { readonly model: LocalModel; readonly packedSentences: Int16Array };

/** Unpacks a model. Null when the bytes are damaged, have another format, or belong to another key. */
export function unpackModel(buffer: ArrayBuffer, key: string): UnpackedModel | null {
  const packed = unpackArrays(buffer);
  const facts = readFacts(packed?.facts, key);
  if (packed === null || facts === null) return null;
  const { key: _, wordCount, width, ...rest } = facts;
  const { hashes, idf, lexical, sentences } = packed.arrays;
  if (!isUint32(hashes) || !isFloat32(idf) || !isFloat32(lexical) || !(sentences instanceof Int16Array)) return null;
  if (idf.length !== hashes.length || lexical.length !== hashes.length * rest.intents.length) return null;
  const sentence = unpackDense(packed.arrays, 'sentence', facts);
  const content = unpackDense(packed.arrays, 'content', facts);
  if (width !== null && (sentence === null || content === null)) return null;
  const model = {
    ...rest,
    parts: {
      vectoriser: restoreVectoriser({ hashes, idf, wordCount }),
      lexical: { classCount: rest.intents.length, weights: lexical },
      dense: sentence === null || content === null ? null : { sentence, content },
    },
  };
  return { model, packedSentences: sentences };
}

function unpackDense(
  arrays: Readonly<Record<string, PackableArray>>,
  name: 'sentence' | 'content',
  { width, intents }: Facts,
): DenseRegression | null {
  const weights = arrays[name];
  const bias = arrays[`${name}Bias`];
  if (width === null || !isFloat32(weights) || !isFloat32(bias)) return null;
  if (bias.length !== intents.length || weights.length !== intents.length * width) return null;
  return { width, weights, bias };
}

const isUint32 = (array: PackableArray | undefined): array is Uint32Array => array instanceof Uint32Array;
const isFloat32 = (array: PackableArray | undefined): array is Float32Array => array instanceof Float32Array;

/** Without a copy where it can be: a model has megabytes. */
function wholeBuffer(bytes: Buffer<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : new Uint8Array(bytes).buffer;
}

const fileName = (key: string) => `engine-${key}.model`;

/** Reads the file of a key. Rejects where there is none. */
export async function readModelBytes(cacheDir: string, key: string): Promise<ArrayBuffer> {
  return wholeBuffer(await readFile(join(cacheDir, fileName(key))));
}

/** Reads the cached model of a key; null when there is no usable one. */
export async function readModelFile(cacheDir: string, key: string): Promise<UnpackedModel | null> {
  try {
    return unpackModel(await readModelBytes(cacheDir, key), key);
  } catch {
    return null; // Missing or unreadable: the model is trained again.
  }
}

/** Writes the model of a key and removes older ones. False when the cache cannot be written. */
export async function writeModelFile(cacheDir: string, key: string, bytes: ArrayBuffer): Promise<boolean> {
  if (!(await writeAtomically(join(cacheDir, fileName(key)), bytes))) return false;
  await removeOldFiles(cacheDir).catch(() => undefined); // Another process may remove the same files.
  return true;
}

/** Removes the models of all keys except one, and incomplete files that a crash left behind. */
export async function removeModelFiles(cacheDir: string, options: { exceptKey: string | null }): Promise<void> {
  const kept = options.exceptKey === null ? null : fileName(options.exceptKey);
  const names = await readdir(cacheDir).catch(() => []);
  const others = names.filter((name) => /^engine-[0-9a-f]+\.model/.test(name) && name !== kept);
  await Promise.all(others.map((name) => rm(join(cacheDir, name), { force: true })));
}

async function removeOldFiles(cacheDir: string): Promise<void> {
  const names = (await readdir(cacheDir)).filter((name) => /^engine-[0-9a-f]+\.model$/.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({ file: join(cacheDir, name), writtenAt: (await stat(join(cacheDir, name))).mtimeMs })),
  );
  const old = files.sort((a, b) => b.writtenAt - a.writtenAt).slice(KEPT_FILES);
  await Promise.all(old.map(({ file }) => rm(file, { force: true })));
}
