import { createHash } from 'node:crypto';

/**
 * The numbers of a model, for packing into one block of bytes that is fast to write, to check and to send to a thread.
 */
export type PackedModel = {
  /** Any JSON value. */
  readonly facts: unknown;
  readonly arrays: Readonly<Record<string, PackableArray>>;
};
export type PackableArray = Float32Array | Uint32Array | Int16Array;

const MAGIC = 'SWBMDL01';
const CHECKSUM_BYTES = 32;
const ALIGNMENT = 16;
const constructors = { f32: Float32Array, u32: Uint32Array, i16: Int16Array };
type ArrayKind = keyof typeof constructors;
type Placement = { name: string; kind: ArrayKind; offset: number; length: number };

function kindOf(array: PackableArray): ArrayKind {
  if (array instanceof Float32Array) return 'f32';
  return array instanceof Uint32Array ? 'u32' : 'i16';
}

const align = (offset: number) => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

/**
 * Packs a model. Layout: magic, length of the header, header (JSON), arrays, and the SHA-256 of everything before it.
 */
export function packArrays(model: PackedModel): ArrayBuffer {
  const placements: Placement[] = [];
  let size = 0;
  for (const [name, array] of Object.entries(model.arrays)) {
    placements.push({ name, kind: kindOf(array), offset: size, length: array.length });
    size = align(size + array.byteLength);
  }
  const header = Buffer.from(JSON.stringify({ facts: model.facts, placements }));
  const start = align(MAGIC.length + 4 + header.length);
  const bytes = Buffer.from(new ArrayBuffer(start + size + CHECKSUM_BYTES));
  bytes.write(MAGIC, 'latin1');
  bytes.writeUInt32LE(header.length, MAGIC.length);
  header.copy(bytes, MAGIC.length + 4);
  for (const { name, offset } of placements) {
    const array = model.arrays[name]!;
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + offset);
  }
  createHash('sha256')
    .update(bytes.subarray(0, start + size))
    .digest()
    .copy(bytes, start + size);
  // Allocated above as an ArrayBuffer of exactly this size.
  return bytes.buffer as ArrayBuffer;
}

/** Reads what `packArrays` wrote; null when the bytes are incomplete, changed or of another format. */
export function unpackArrays(buffer: ArrayBuffer): PackedModel | null {
  const bytes = Buffer.from(buffer);
  const prefix = MAGIC.length + 4;
  if (bytes.length < prefix + CHECKSUM_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  const contentEnd = bytes.length - CHECKSUM_BYTES;
  const checksum = createHash('sha256').update(bytes.subarray(0, contentEnd)).digest();
  if (!checksum.equals(bytes.subarray(contentEnd))) return null;
  const headerLength = bytes.readUInt32LE(MAGIC.length);
  const header = readHeader(bytes.toString('utf8', prefix, prefix + headerLength));
  const start = align(prefix + headerLength);
  const arrays: Record<string, PackableArray> = {};
  for (const { name, kind, offset, length } of header.placements) {
    arrays[name] = new constructors[kind](buffer, start + offset, length);
  }
  return { facts: header.facts, arrays };
}

/** The checksum has shown that `packArrays` wrote these bytes, so the cast is safe. */
function readHeader(json: string): { facts: unknown; placements: Placement[] } {
  return JSON.parse(json) as { facts: unknown; placements: Placement[] };
}
