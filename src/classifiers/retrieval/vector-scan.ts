import { Ranking } from './ranking.ts';
import { BYTE_WIDTH_MULTIPLE, createScanKernel, QUERIES_TOGETHER, type ScanKernel, SUMS_BYTES } from './scan-kernel.ts';
import { selectionBytes, ValueSelection } from './value-selection.ts';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const FIRST_CAPACITY = 256;
/** The largest numbers in a rounded vector and in a rounded query, to which `QUERY_MIDDLE` is added: 1 to 127. */
const MAX_BYTE = 127;
const MAX_IN_QUERY = 63;
const QUERY_MIDDLE = 64;
/** Relative error of one rounding to 32 bits, doubled so that errors of second order are in it. */
const FLOAT_ERROR = 2 ** -23;
/** Views in a kernel's memory begin at a multiple of this. */
const ALIGNMENT = 16;

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
  readonly #slots = new Map<number, number>();
  readonly #handles: number[] = [];
  #capacity = 0;
  /** The longest vector, and the longest difference between a vector and its bytes, so far. */
  #maxNorm = 0;
  #maxResidual = 0;
  #memory: Memory;

  constructor(width: number) {
    this.#width = width;
    this.#byteWidth = Math.ceil(width / BYTE_WIDTH_MULTIPLE) * BYTE_WIDTH_MULTIPLE;
    this.#memory = this.#grow(FIRST_CAPACITY);
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
      if (slot === this.#capacity) this.#memory = this.#grow(2 * this.#capacity);
      this.#handles.push(handle);
      this.#slots.set(handle, slot);
    }
    const { floats, bytes, scales, shifts } = this.#memory;
    floats.set(vector, slot * this.#width);
    const rounded = bytes.subarray(slot * this.#byteWidth, slot * this.#byteWidth + this.#width);
    const { scale, norm, residual } = roundTo(vector, { max: MAX_BYTE, into: rounded });
    scales[slot] = scale;
    // What `QUERY_MIDDLE` adds to each number of a query.
    shifts[slot] = -QUERY_MIDDLE * rounded.reduce((sum, value) => sum + value, 0);
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
    const { floats, bytes, scales, shifts } = this.#memory;
    const from = this.#handles.length;
    floats.copyWithin(slot * this.#width, from * this.#width, (from + 1) * this.#width);
    bytes.copyWithin(slot * this.#byteWidth, from * this.#byteWidth, (from + 1) * this.#byteWidth);
    scales[slot] = scales[from]!;
    shifts[slot] = shifts[from]!;
    this.#handles[slot] = last;
    this.#slots.set(last, slot);
  }

  /** The comparison is read before the next call of this object. */
  compare(query: Float32Array): Comparison {
    return this.compareAll([query])[0]!;
  }

  /** Compares up to `QUERIES_TOGETHER` queries in one pass. The comparisons are read before the next call of this object. */
  compareAll(queries: readonly Float32Array[]): Comparison[] {
    const rounded = queries.map((query, place) => this.#place(query, place));
    this.#multiply(queries.length);
    return rounded.map((query, place) => ({
      top: (count) => this.#top({ ...query, place, count }),
      cosineOf: (handle) => {
        const slot = this.#slots.get(handle);
        if (slot === undefined) return 0;
        return this.#cosineOf(slot, place);
      },
    }));
  }

  /** Highest cosine of the query to any vector; 0 when there are none. */
  highest(query: Float32Array): number {
    const comparison = this.compare(query);
    const [best] = comparison.top(1);
    return best === undefined ? 0 : comparison.cosineOf(best);
  }

  #place(query: Float32Array, place: number): Rounded {
    const { queries, digits } = this.#memory;
    queries.set(query, place * this.#width);
    const into = digits.subarray(place * this.#byteWidth, place * this.#byteWidth + this.#width);
    const rounded = roundTo(query, { max: MAX_IN_QUERY, into });
    for (let i = 0; i < into.length; i++) into[i]! += QUERY_MIDDLE;
    return rounded;
  }

  /** Computes the rough cosines of all vectors. */
  #multiply(queryCount: number): void {
    const size = this.#handles.length;
    if (size === 0) return;
    const { kernel, at } = this.#memory;
    const step = this.#capacity * FLOAT_BYTES;
    const rest = [at.shifts, at.scales, at.sums] as const;
    if (queryCount > 2) {
      kernel.multiplyByteRowsTogether(at.bytes, size, this.#byteWidth, at.digits, ...rest, at.rough, step);
      return;
    }
    for (let place = 0; place < queryCount; place++) {
      const digits = at.digits + place * this.#byteWidth;
      kernel.multiplyByteRows(at.bytes, size, this.#byteWidth, digits, ...rest, at.rough + place * step, step);
    }
  }

  #top({ scale, norm, residual, place, count }: Rounded & { place: number; count: number }): number[] {
    const size = this.#handles.length;
    if (count <= 0 || size === 0) return [];
    const { at, rough, selection } = this.#memory;
    const first = place * this.#capacity;
    const values = at.rough + first * FLOAT_BYTES;
    // A cosine and its rough value differ by `bound` at most.
    const longest = this.#maxNorm + this.#maxResidual;
    const arithmetic = (this.#width + BYTE_WIDTH_MULTIPLE) * FLOAT_ERROR * (norm + residual) * longest;
    const bound = (norm * this.#maxResidual + residual * longest + arithmetic) / scale;
    const likely = selection.boundOfHighest({ values, size, n: count });
    const likelySlots: number[] = [];
    const others: number[] = [];
    for (const slot of selection.from({ values, size, least: likely - 2 * bound })) {
      (rough[first + slot]! >= likely ? likelySlots : others).push(slot);
    }
    const ranking = new Ranking();
    this.#rank(ranking, { slots: likelySlots, place });
    // Others are among the best only where they can reach the last of the best so far.
    const least = ranking.scoreAt(count - 1) / scale - bound;
    this.#rank(ranking, { slots: others.filter((slot) => !(rough[first + slot]! < least)), place });
    return ranking.best(count);
  }

  #rank(ranking: Ranking, { slots, place }: { slots: readonly number[]; place: number }): void {
    const cosines = this.#measure(slots, place);
    for (let i = 0; i < slots.length; i++) ranking.add(this.#handles[slots[i]!]!, cosines[i]!);
  }

  #cosineOf(slot: number, place: number): number {
    const { kernel, at, list, exact } = this.#memory;
    list[0] = slot;
    const query = at.queries + place * this.#width * FLOAT_BYTES;
    kernel.multiplyListedRows(at.floats, at.list, 1, this.#width, query, at.exact);
    return exact[0]!;
  }

  /** The cosines of the vectors in some slots, until the next call. */
  #measure(slots: readonly number[], place: number): Float32Array {
    const { kernel, at, list, exact } = this.#memory;
    if (slots.length === 0) return exact.subarray(0, 0);
    list.set(slots);
    const query = at.queries + place * this.#width * FLOAT_BYTES;
    kernel.multiplyListedRows(at.floats, at.list, slots.length, this.#width, query, at.exact);
    return exact.subarray(0, slots.length);
  }

  #grow(capacity: number): Memory {
    let end = 0; // Of the part that was placed last, in bytes.
    const reserve = (length: number) => {
      const start = end;
      end += ALIGNMENT * Math.ceil(length / ALIGNMENT);
      return start;
    };
    const at = {
      floats: reserve(capacity * this.#width * FLOAT_BYTES),
      queries: reserve(QUERIES_TOGETHER * this.#width * FLOAT_BYTES),
      scales: reserve(capacity * FLOAT_BYTES),
      shifts: reserve(capacity * Int32Array.BYTES_PER_ELEMENT),
      rough: reserve(QUERIES_TOGETHER * capacity * FLOAT_BYTES),
      digits: reserve(QUERIES_TOGETHER * this.#byteWidth),
      sums: reserve(SUMS_BYTES),
      list: reserve(capacity * Int32Array.BYTES_PER_ELEMENT),
      exact: reserve(capacity * FLOAT_BYTES),
      selection: reserve(selectionBytes('f32', capacity)),
      bytes: reserve(capacity * this.#byteWidth),
    };
    const kernel = createScanKernel(end);
    const { memory } = kernel;
    const grown = {
      at,
      kernel,
      floats: new Float32Array(memory, at.floats, capacity * this.#width),
      queries: new Float32Array(memory, at.queries, QUERIES_TOGETHER * this.#width),
      scales: new Float32Array(memory, at.scales, capacity),
      shifts: new Int32Array(memory, at.shifts, capacity),
      rough: new Float32Array(memory, at.rough, QUERIES_TOGETHER * capacity),
      digits: new Int8Array(memory, at.digits, QUERIES_TOGETHER * this.#byteWidth),
      list: new Int32Array(memory, at.list, capacity),
      bytes: new Int8Array(memory, at.bytes, capacity * this.#byteWidth),
      exact: new Float32Array(memory, at.exact, capacity),
      selection: new ValueSelection({ kernel, memory, format: 'f32', start: at.selection, capacity }),
    };
    if (this.#capacity > 0) {
      grown.floats.set(this.#memory.floats);
      grown.scales.set(this.#memory.scales);
      grown.shifts.set(this.#memory.shifts);
      grown.bytes.set(this.#memory.bytes);
    }
    this.#capacity = capacity;
    return grown;
  }
}

type Rounded = { readonly scale: number; readonly norm: number; readonly residual: number };

/** A kernel with its memory: the parts of it, and where they begin in bytes. */
type Memory = {
  readonly kernel: ScanKernel;
  readonly at: Readonly<
    Record<
      | 'floats'
      | 'queries'
      | 'scales'
      | 'shifts'
      | 'rough'
      | 'digits'
      | 'bytes'
      | 'sums'
      | 'list'
      | 'exact'
      | 'selection',
      number
    >
  >;
  readonly floats: Float32Array;
  readonly queries: Float32Array;
  readonly scales: Float32Array;
  readonly shifts: Int32Array;
  /** The products of the bytes, by query and slot. */
  readonly rough: Float32Array;
  /** The queries in seven bits. */
  readonly digits: Int8Array;
  readonly bytes: Int8Array;
  readonly list: Int32Array;
  readonly exact: Float32Array;
  readonly selection: ValueSelection;
};

/** Rounds a vector to whole numbers up to `max`; times `scale` they differ from it by a vector of length `residual`. */
function roundTo(vector: Float32Array, { max, into }: { max: number; into: Int8Array }): Rounded {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) {
    const size = Math.abs(vector[i]!);
    if (size > largest || Number.isNaN(size)) largest = size;
  }
  const scale = Math.fround(largest / max);
  let squares = 0;
  let residuals = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]!;
    let whole = scale === 0 ? 0 : Math.round(value / scale);
    if (whole > max) whole = max;
    if (whole < -max) whole = -max;
    into[i] = whole;
    squares += value * value;
    residuals += (value - whole * scale) ** 2;
  }
  return { scale, norm: Math.sqrt(squares), residual: Math.sqrt(residuals) };
}
