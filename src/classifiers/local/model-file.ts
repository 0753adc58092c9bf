import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type PackableArray, packArrays, unpackArrays } from './packed-arrays.ts';
import type { LocalModel } from './train-model.ts';
import { restoreVectoriser } from './vectoriser.ts';

/** Part of the key of a model file: raise it when features, training or the layout of the file change. */
export const ENGINE_VERSION = 1;
const KEPT_FILES = 3;

const factsSchema = z.object({
  key: z.string(),
  intents: z.array(z.string()),
  wordCount: z.number(),
  temperature: z.number(),
  heldOut: z.array(z.object({ intent: z.string(), confidence: z.number(), correct: z.boolean() })),
});

/** The model as bytes, with the key of what it was trained from. */
export function packModel(model: LocalModel, key: string): ArrayBuffer {
  const { intents, vectoriser, temperature, heldOut } = model;
  const facts: z.infer<typeof factsSchema> = {
    key,
    intents: [...intents],
    wordCount: vectoriser.wordCount,
    temperature,
    heldOut: [...heldOut],
  };
  const arrays = { hashes: vectoriser.hashes, idf: vectoriser.idf, lexical: model.lexical.weights };
  return packArrays({ facts, arrays });
}

/** Null when the bytes are damaged, come from another engine, or belong to another key. */
export function unpackModel(buffer: ArrayBuffer, key: string): LocalModel | null {
  const packed = unpackArrays(buffer);
  const facts = factsSchema.safeParse(packed?.facts);
  if (packed === null || !facts.success || facts.data.key !== key) return null;
  const { intents, wordCount, temperature, heldOut } = facts.data;
  const { hashes, idf, lexical } = packed.arrays;
  if (!isUint32(hashes) || !isFloat32(idf) || !isFloat32(lexical)) return null;
  if (idf.length !== hashes.length || lexical.length !== hashes.length * intents.length) return null;
  return {
    intents,
    vectoriser: restoreVectoriser({ hashes, idf, wordCount }),
    lexical: { classCount: intents.length, weights: lexical },
    temperature,
    heldOut,
  };
}

const isUint32 = (array: PackableArray | undefined): array is Uint32Array => array instanceof Uint32Array;
const isFloat32 = (array: PackableArray | undefined): array is Float32Array => array instanceof Float32Array;

const fileName = (key: string) => `engine-${key}.model`;

/** Reads the cached model of a key; null when there is none that can be used. */
export async function readModelFile(cacheDir: string, key: string): Promise<LocalModel | null> {
  try {
    const bytes = await readFile(join(cacheDir, fileName(key)));
    return unpackModel(new Uint8Array(bytes).buffer, key);
  } catch {
    return null; // Missing or unreadable: the model is trained again.
  }
}

/**
 * Writes beside the file and renames, so that a reader never sees half a model; removes older models.
 * A cache that cannot be written costs a training at the next start and nothing else: false then.
 */
export async function writeModelFile(cacheDir: string, key: string, bytes: ArrayBuffer): Promise<boolean> {
  const file = join(cacheDir, fileName(key));
  const draft = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  try {
    await mkdir(cacheDir, { recursive: true });
    await writeFile(draft, new Uint8Array(bytes));
    await rename(draft, file);
    await removeOldFiles(cacheDir);
    return true;
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
    return false;
  }
}

async function removeOldFiles(cacheDir: string): Promise<void> {
  const names = (await readdir(cacheDir)).filter((name) => /^engine-[0-9a-f]+\.model$/.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({ file: join(cacheDir, name), writtenAt: (await stat(join(cacheDir, name))).mtimeMs })),
  );
  const old = files.sort((a, b) => b.writtenAt - a.writtenAt).slice(KEPT_FILES);
  await Promise.all(old.map(({ file }) => rm(file, { force: true })));
}
