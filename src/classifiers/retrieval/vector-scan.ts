import { BYTE_WIDTH_MULTIPLE, createScanKernel, type ScanKernel, SUMS_BYTES } from './scan-kernel.ts';
import { bestOf, boundOfHighest, type Found } from './top-documents.ts';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const FIRST_CAPACITY = 256;
const MAX_BYTE = 127;
const MAX_SHORT = 32_767;
const MAX_SUM = 2 ** 31 - 1;
/** Relative error of one rounding to 32 bits, doubled so that errors of second order are in it. */
const FLOAT_ERROR = 2 ** -23;

/** What one query has in common with the vectors, until the next query or change. */
export type Comparison = {
  /** The handles of the `count` vectors with the highest cosines above 0, best first; of equal ones the lower comes first. */
  top(count: number): number[];
  /** 0 for a handle without a vector. */
  cosineOf(handle: number): number;
};

/**
 * Finds the vectors with the highest cosines to a query, exactly. All are compared in eight bits a number first, which
 * reads a quarter of the memory; those that the rounding could hide are then compared in full.
 */
export class VectorScan {
  readonly #width: number;
  readonly #byteWidth: number;
  /** With larger numbers in a query, the sum for a row could pass 32 bits. */
  readonly #maxInQuery: number;
  readonly #slots = new Map<number, number>();
  readonly #handles: number[] = [];
  #capacity = 0;
  /** The longest vector, and the longest difference between a vector and its bytes, so far. */
  #maxNorm = 0;
  #maxResidual = 0;
  /** The rough cosines of the last query. */
  #values = new Float64Array(0);
  #kernel: ScanKernel;
  #memory: Views;

  constructor(width: number) {
    this.#width = width;
    this.#byteWidth = Math.ceil(width / BYTE_WIDTH_MULTIPLE) * BYTE_WIDTH_MULTIPLE;
    this.#maxInQuery = Math.min(MAX_SHORT, Math.floor(MAX_SUM / (MAX_BYTE * width)));
    [this.#kernel, this.#memory] = this.#grow(FIRST_CAPACITY);
  }

  get size(): number {
    return this.#handles.length;
  }

  has(handle: number): boolean {
    return this.#slots.has(handle);
  }

  /** Adds a vector, or replaces the one with the same handle. */
  put(handle: number, vector: Float32Array): void {
    let slot = this.#slots.get(handle);
    if (slot === undefined) {
      slot = this.#handles.length;
      if (slot === this.#capacity) [this.#kernel, this.#memory] = this.#grow(2 * this.#capacity);
      this.#handles.push(handle);
      this.#slots.set(handle, slot);
    }
    const { floats, bytes, scales } = this.#memory;
    floats.set(vector, slot * this.#width);
    const rounded = bytes.subarray(slot * this.#byteWidth, slot * this.#byteWidth + this.#width);
    const { scale, norm, residual } = roundTo(vector, { max: MAX_BYTE, into: rounded });
    scales[slot] = scale;
    this.#maxNorm = Math.max(this.#maxNorm, norm);
    this.#maxResidual = Math.max(this.#maxResidual, residual);
  }

  /** Removes a vector; the last one moves to its place. */
  remove(handle: number): void {
    const slot = this.#slots.get(handle);
    if (slot === undefined) return;
    const last = this.#handles.pop()!;
    this.#slots.delete(handle);
    if (last === handle) return;
    const { floats, bytes, scales } = this.#memory;
    const from = this.#handles.length;
    floats.copyWithin(slot * this.#width, from * this.#width, (from + 1) * this.#width);
    bytes.copyWithin(slot * this.#byteWidth, from * this.#byteWidth, (from + 1) * this.#byteWidth);
    scales[slot] = scales[from]!;
    this.#handles[slot] = last;
    this.#slots.set(last, slot);
  }

  /** The comparison is read before the next call of this object. */
  compare(query: Float32Array): Comparison {
    this.#memory.query.set(query);
    return {
      top: (count) => this.#top(query, count),
      cosineOf: (handle) => {
        const slot = this.#slots.get(handle);
        return slot === undefined ? 0 : this.#cosineOf(slot);
      },
    };
  }

  /** Highest cosine of the query to any vector; 0 when there are none. */
  highest(query: Float32Array): number {
    const comparison = this.compare(query);
    const [best] = comparison.top(1);
    return best === undefined ? 0 : comparison.cosineOf(best);
  }

  #top(query: Float32Array, count: number): number[] {
    const size = this.#handles.length;
    if (count <= 0 || size === 0) return [];
    const { at, shorts, rough } = this.#memory;
    const { scale, norm, residual } = roundTo(query, { max: this.#maxInQuery, into: shorts });
    this.#kernel.multiplyByteRows(at.bytes, size, this.#byteWidth, at.shorts, at.scales, at.sums, at.rough);
    const values = this.#values;
    values.set(rough);
    // A cosine and its rough value differ by `bound` at most.
    const longest = this.#maxNorm + this.#maxResidual;
    const arithmetic = (this.#width + BYTE_WIDTH_MULTIPLE) * FLOAT_ERROR * (norm + residual) * longest;
    const bound = (norm * this.#maxResidual + residual * longest + arithmetic) / scale;
    const likely = boundOfHighest(values, { size, n: count });
    const first: Found[] = [];
    const others: number[] = [];
    for (let slot = 0; slot < size; slot++) {
      if (values[slot]! >= likely) first.push(this.#measure(slot));
      else if (!(values[slot]! < likely - 2 * bound)) others.push(slot);
    }
    // Others are among the best only where they can reach the last of the best so far.
    const found = bestOf(first, count);
    const last = found[count - 1];
    const least = last === undefined ? Number.NEGATIVE_INFINITY : last.score / scale - bound;
    for (const slot of others) if (!(values[slot]! < least)) found.push(this.#measure(slot));
    return bestOf(found, count).map(({ document }) => document);
  }

  #measure(slot: number): Found {
    return { document: this.#handles[slot]!, score: this.#cosineOf(slot) };
  }

  #cosineOf(slot: number): number {
    const { at, exact } = this.#memory;
    this.#kernel.multiplyRows(slot * this.#width * FLOAT_BYTES, 1, this.#width, at.query, at.exact);
    return exact[0]!;
  }

  #grow(capacity: number): [ScanKernel, Views] {
    let end = 0; // Of the part that was placed last, in bytes.
    const place = (length: number) => {
      const start = end;
      end += length;
      return start;
    };
    const at = {
      floats: place(capacity * this.#width * FLOAT_BYTES),
      query: place(this.#width * FLOAT_BYTES),
      scales: place(capacity * FLOAT_BYTES),
      rough: place(capacity * FLOAT_BYTES),
      shorts: place(this.#byteWidth * Int16Array.BYTES_PER_ELEMENT),
      sums: place(SUMS_BYTES),
      exact: place(FLOAT_BYTES),
      bytes: place(capacity * this.#byteWidth),
    };
    const kernel = createScanKernel(end);
    const { memory } = kernel;
    const views = {
      at,
      floats: new Float32Array(memory, at.floats, capacity * this.#width),
      query: new Float32Array(memory, at.query, this.#width),
      scales: new Float32Array(memory, at.scales, capacity),
      rough: new Float32Array(memory, at.rough, capacity),
      shorts: new Int16Array(memory, at.shorts, this.#byteWidth),
      bytes: new Int8Array(memory, at.bytes, capacity * this.#byteWidth),
      exact: new Float32Array(memory, at.exact, 1),
    };
    if (this.#capacity > 0) {
      views.floats.set(this.#memory.floats);
      views.scales.set(this.#memory.scales);
      views.bytes.set(this.#memory.bytes);
    }
    this.#capacity = capacity;
    this.#values = new Float64Array(capacity);
    return [kernel, views];
  }
}

/** Parts of the kernel's memory, and where they begin in bytes. */
type Views = {
  readonly at: Readonly<
    Record<'floats' | 'query' | 'scales' | 'rough' | 'shorts' | 'bytes' | 'sums' | 'exact', number>
  >;
  readonly floats: Float32Array;
  readonly query: Float32Array;
  readonly scales: Float32Array;
  /** The products of the bytes, by slot. */
  readonly rough: Float32Array;
  /** The query in 16 bits. */
  readonly shorts: Int16Array;
  readonly bytes: Int8Array;
  readonly exact: Float32Array;
};

/** Rounds a vector to whole numbers up to `max`; times `scale` they differ from it by a vector of length `residual`. */
function roundTo(vector: Float32Array, { max, into }: { max: number; into: Int8Array | Int16Array }) {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]!));
  const scale = Math.fround(largest / max);
  let squares = 0;
  let residuals = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]!;
    const whole = scale === 0 ? 0 : Math.max(-max, Math.min(max, Math.round(value / scale)));
    into[i] = whole;
    squares += value * value;
    residuals += (value - whole * scale) ** 2;
  }
  return { scale, norm: Math.sqrt(squares), residual: Math.sqrt(residuals) };
}
