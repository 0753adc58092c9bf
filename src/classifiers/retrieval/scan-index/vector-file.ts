import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { sha256 } from '../../../base/hash.ts';
import { appendPrivateFile, makePrivateFolder, replacePrivateFile } from '../../../base/private-files.ts';

/** Vectors by the hash of their text. Each batch is written at once, so that a crash loses no more than one batch. */
export type VectorFile = {
  get(textHash: string): Float32Array | undefined;
  /** Adds vectors. A vector that cannot be written is available until the process ends. */
  append(vectors: ReadonlyMap<string, Float32Array>): Promise<void>;
  /** Removes the vectors of all other texts, on the disk too. Throws when the file cannot be written. */
  keepOnly(textHashes: ReadonlySet<string>): Promise<void>;
};

const HASH_BYTES = 16;
const CRC_BYTES = 4;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Hash of a text: the key of its vector in the file. */
export function hashText(text: string): string {
  return sha256(text).slice(0, 2 * HASH_BYTES);
}

/**
 * Opens the file of one embedder in `folder`. Its name and its first line identify the embedder, so that vectors of two
 * models are never mixed. Layout: a line of JSON, then records of hash, vector and checksum. The first damaged record
 * and all after it are dropped.
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
        // Records after an incomplete one may not begin where they should.
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
      // One write, so that the records of two processes are not mixed.
      if (records.length > 0) await appendPrivateFile(file, Buffer.concat(records)).catch(() => undefined);
    },
    async keepOnly(textHashes) {
      for (const textHash of known.keys()) if (!textHashes.has(textHash)) known.delete(textHash);
      // Vectors that are appended during this write get lost in the file and are embedded again at the next start.
      const records = [...known].map(([hash, vector]) => toRecord(hash, vector));
      await replacePrivateFile(file, Buffer.concat([header, ...records]));
    },
  };
}

const fileNameOf = (embedderId: string) => `${sha256(embedderId).slice(0, 16)}.vectors`;

/** Removes the files of all embedders except one, and incomplete files that a crash left behind. */
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
    // Without the file, the examples are embedded again at every start; nothing else is lost.
  }
}
