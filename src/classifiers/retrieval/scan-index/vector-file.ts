import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { sha256 } from '../../../base/hash.ts';
import { appendPrivateFile, makePrivateFolder, replacePrivateFile } from '../../../base/private-files.ts';

/** Vectors by hash of their text, kept as they come in, so that a crash costs the last batch at most. */
export type VectorFile = {
  get(textHash: string): Float32Array | undefined;
  /** A vector that cannot be written is still there until the process ends. */
  append(vectors: ReadonlyMap<string, Float32Array>): Promise<void>;
  /** Forgets the vectors of all other texts, on the disk too. Throws when the file cannot be written. */
  keepOnly(textHashes: ReadonlySet<string>): Promise<void>;
};

const HASH_BYTES = 16;
const CRC_BYTES = 4;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Hash of a text, as the file names it. */
export function hashText(text: string): string {
  return sha256(text).slice(0, 2 * HASH_BYTES);
}

/**
 * Opens the file of one embedder in `folder`; its name and its first line say which, so that vectors of two models
 * never meet. Layout: a line of JSON, then records of hash, vector and checksum; damaged ones are dropped.
 */
export async function openVectorFile(options: {
  folder: string;
  embedder: { readonly id: string; readonly dimensions: number };
}): Promise<VectorFile> {
  const { id, dimensions } = options.embedder;
  const file = join(options.folder, fileNameOf(id));
  const header = Buffer.from(`${JSON.stringify({ embedder: id, dimensions })}\n`);
  const recordBytes = HASH_BYTES + dimensions * FLOAT_BYTES + CRC_BYTES;
  const known = new Map<string, Float32Array>();

  const toRecord = (textHash: string, vector: Float32Array) => {
    const record = Buffer.alloc(recordBytes);
    record.write(textHash, 'hex');
    for (const [i, value] of vector.entries()) record.writeFloatLE(value, HASH_BYTES + i * FLOAT_BYTES);
    record.writeUInt32LE(crc32(record.subarray(0, -CRC_BYTES)), recordBytes - CRC_BYTES);
    return record;
  };

  const bytes = await readFile(file).catch(() => null);
  let isWhole = bytes?.subarray(0, header.length).equals(header) ?? false;
  if (bytes !== null && isWhole) {
    for (let start = header.length; start < bytes.length; start += recordBytes) {
      const record = bytes.subarray(start, start + recordBytes);
      const isGood =
        record.length === recordBytes &&
        crc32(record.subarray(0, -CRC_BYTES)) === record.readUInt32LE(recordBytes - CRC_BYTES);
      if (!isGood) {
        // Records after a torn one may not begin where they should.
        isWhole = false;
        break;
      }
      const vector = Float32Array.from({ length: dimensions }, (_, i) =>
        record.readFloatLE(HASH_BYTES + i * FLOAT_BYTES),
      );
      known.set(record.toString('hex', 0, HASH_BYTES), vector);
    }
  }
  if (!isWhole) await startFile(file, [header, ...[...known].map(([hash, vector]) => toRecord(hash, vector))]);

  return {
    get: (textHash) => known.get(textHash),
    async append(vectors) {
      const records: Buffer[] = [];
      for (const [textHash, vector] of vectors) {
        if (known.has(textHash)) continue;
        known.set(textHash, vector);
        records.push(toRecord(textHash, vector));
      }
      // One call, so that two processes do not write into each other's records.
      if (records.length > 0) await appendPrivateFile(file, Buffer.concat(records)).catch(() => undefined);
    },
    async keepOnly(textHashes) {
      for (const textHash of known.keys()) if (!textHashes.has(textHash)) known.delete(textHash);
      // What is appended while this is written is embedded again at the next start.
      const records = [...known].map(([hash, vector]) => toRecord(hash, vector));
      await replacePrivateFile(file, Buffer.concat([header, ...records]));
    },
  };
}

const fileNameOf = (embedderId: string) => `${sha256(embedderId).slice(0, 16)}.vectors`;

/** Removes the files of all embedders but this one, with what a crash has left of writing them. */
export async function removeVectorFiles(options: { folder: string; exceptEmbedder: string | null }): Promise<void> {
  const { folder, exceptEmbedder } = options;
  const kept = exceptEmbedder === null ? null : fileNameOf(exceptEmbedder);
  const names = await readdir(folder).catch(() => []);
  const others = names.filter((name) => /^[0-9a-f]{16}\.vectors/.test(name) && name !== kept);
  await Promise.all(others.map((name) => rm(join(folder, name), { force: true })));
}

async function startFile(file: string, parts: readonly Buffer[]): Promise<void> {
  try {
    await makePrivateFolder(dirname(file));
    await replacePrivateFile(file, Buffer.concat(parts));
  } catch {
    // Without the file every start embeds anew, and nothing else is lost.
  }
}
