import { type Block, KernelArena } from './kernel-arena.ts';
import { Ranking } from './ranking.ts';
import { BYTE_WIDTH_MULTIPLE, createScanKernel, QUERIES_TOGETHER, ROWS_MULTIPLE, SUMS_BYTES } from './scan-kernel.ts';
import { nthHighest, selectionBytes, VALUES_MULTIPLE, ValueSelection } from './value-selection.ts';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const INTEGER_BYTES = Int32Array.BYTES_PER_ELEMENT;
/**
 * Vectors are placed in pages of so many, which stay where they are: copying all of them to larger memory would hold searches
 * for a tenth of a second. The bytes of a page fit into the processor's second cache, so that they are read from memory once
 * for all queries of a scan.
 */
const ROWS_A_PAGE = 1_024;
/** The most queries of one scan. */
export const QUERIES_A_SCAN = 2 * QUERIES_TOGETHER;
/** The largest numbers in a rounded vector and in a rounded query, to which `QUERY_MIDDLE` is added: 1 to 127. */
const MAX_BYTE = 127;
const MAX_IN_QUERY = 63;
const QUERY_MIDDLE = 64;
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
  readonly #slots = new Map<number, number>();
  readonly #handles: number[] = [];
  /** The longest vector, and the longest difference between a vector and its bytes, so far. */
  #maxNorm = 0;
  #maxResidual = 0;
  readonly #arena = new KernelArena();
  readonly #kernel = createScanKernel(this.#arena.memory);
  readonly #pages: Page[] = [];
  /** What queries are compared with, and the rest of what a comparison needs. */
  readonly #queries: Block;
  readonly #digits: Block;
  readonly #sums = this.#arena.allocate(SUMS_BYTES);
  /** The products of the bytes, by query and slot. */
  #rough = this.#arena.allocate(0);
  #list = this.#arena.allocate(0);
  #exact = this.#arena.allocate(0);
  #selectionBlock = this.#arena.allocate(0);
  #selection: ValueSelection | null = null;
  /** By slot, the cosines to the query at `#knownPlace` that are computed already, else NaN; and for which slots they are. */
  #known = new Float32Array(0);
  #knownSlots: number[] = [];
  #knownPlace = -1;

  constructor(width: number) {
    this.#width = width;
    this.#byteWidth = Math.ceil(width / BYTE_WIDTH_MULTIPLE) * BYTE_WIDTH_MULTIPLE;
    this.#queries = this.#arena.allocate(QUERIES_A_SCAN * width * FLOAT_BYTES);
    this.#digits = this.#arena.allocate(QUERIES_A_SCAN * this.#byteWidth);
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
      if (slot === this.#pages.length * ROWS_A_PAGE) this.#addPage();
      this.#handles.push(handle);
      this.#slots.set(handle, slot);
    }
    const { floats, bytes, ints } = this.#arena;
    const at = this.#addressesOf(slot);
    floats.set(vector, at.floats / FLOAT_BYTES);
    const rounded = bytes.subarray(at.bytes, at.bytes + this.#byteWidth).fill(0);
    const { scale, norm, residual } = roundTo(vector, { max: MAX_BYTE, into: rounded });
    floats[at.scale / FLOAT_BYTES] = scale;
    // What `QUERY_MIDDLE` adds to each number of a query.
    ints[at.shift / INTEGER_BYTES] = -QUERY_MIDDLE * rounded.reduce((sum, value) => sum + value, 0);
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
    const to = this.#addressesOf(slot);
    const from = this.#addressesOf(this.#handles.length);
    const { bytes } = this.#arena;
    bytes.copyWithin(to.floats, from.floats, from.floats + this.#width * FLOAT_BYTES);
    bytes.copyWithin(to.bytes, from.bytes, from.bytes + this.#byteWidth);
    bytes.copyWithin(to.scale, from.scale, from.scale + FLOAT_BYTES);
    bytes.copyWithin(to.shift, from.shift, from.shift + INTEGER_BYTES);
    this.#handles[slot] = last;
    this.#slots.set(last, slot);
  }

  /** The comparison is read before the next call of this object. */
  compare(query: Float32Array): Comparison {
    return this.compareAll([query])[0]!;
  }

  /** Compares up to `QUERIES_A_SCAN` queries in one pass. The comparisons are read before the next call of this object. */
  compareAll(queries: readonly Float32Array[]): Comparison[] {
    this.#forget(-1);
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
    const { floats, bytes } = this.#arena;
    floats.set(query, this.#queries.address / FLOAT_BYTES + place * this.#width);
    const at = this.#digits.address + place * this.#byteWidth;
    const into = bytes.subarray(at, at + this.#width);
    const rounded = roundTo(query, { max: MAX_IN_QUERY, into });
    for (let i = 0; i < into.length; i++) into[i]! += QUERY_MIDDLE;
    return rounded;
  }

  /** Computes the rough cosines of all vectors. */
  #multiply(queryCount: number): void {
    const width = this.#byteWidth;
    const step = this.#roughStep;
    for (const [number, { bytes, shifts, scales }] of this.#pages.entries()) {
      const rows = Math.min(ROWS_A_PAGE, this.#handles.length - number * ROWS_A_PAGE);
      if (rows <= 0) return;
      const rest = [shifts.address, scales.address, this.#sums.address] as const;
      for (let place = 0; place < queryCount; ) {
        const digits = this.#digits.address + place * width;
        const out = this.#rough.address + place * step + number * ROWS_A_PAGE * FLOAT_BYTES;
        if (queryCount - place > QUERIES_TOGETHER / 2) {
          // One row more than there are, within the page, where their number is odd.
          const whole = Math.ceil(rows / ROWS_MULTIPLE) * ROWS_MULTIPLE;
          this.#kernel.multiplyByteRowsTogether(bytes.address, whole, width, digits, ...rest, out, step);
          place += QUERIES_TOGETHER;
        } else {
          this.#kernel.multiplyByteRows(bytes.address, rows, width, digits, ...rest, out, step);
          place += 1;
        }
      }
    }
  }

  #top({ scale, norm, residual, place, count }: Rounded & { place: number; count: number }): number[] {
    const size = this.#handles.length;
    if (count <= 0 || size === 0 || this.#selection === null) return [];
    const values = this.#rough.address + place * this.#roughStep;
    // A cosine and its rough value differ by `bound` at most.
    const longest = this.#maxNorm + this.#maxResidual;
    const arithmetic = (this.#width + BYTE_WIDTH_MULTIPLE) * FLOAT_ERROR * (norm + residual) * longest;
    const bound = (norm * this.#maxResidual + residual * longest + arithmetic) / scale;
    const likely = this.#selection.boundOfHighest({ values, size, n: count });
    const rough = this.#arena.floats.subarray(values / FLOAT_BYTES, values / FLOAT_BYTES + size);
    const first: number[] = [];
    const others: number[] = [];
    for (const slot of this.#selection.from({ values, size, least: likely - 2 * bound })) {
      (rough[slot]! >= likely ? first : others).push(slot);
    }
    this.#forget(place);
    const ranking = new Ranking();
    const scores = this.#rank(ranking, { slots: first, place });
    // Others are among the best only where they can reach the last of the best so far.
    const least =
      scores.length < count
        ? Number.NEGATIVE_INFINITY
        : nthHighest(scores.slice(), { size: scores.length, n: count }) / scale - bound;
    this.#rank(ranking, { slots: others.filter((slot) => !(rough[slot]! < least)), place });
    return ranking.best(count);
  }

  /** Adds the exact cosines to a ranking, and returns them until the next multiplication. */
  #rank(ranking: Ranking, { slots, place }: { slots: readonly number[]; place: number }): Float32Array {
    const { ints, floats } = this.#arena;
    const exact = this.#exact.address / FLOAT_BYTES;
    const scores = floats.subarray(exact, exact + slots.length);
    if (slots.length === 0) return scores;
    for (let i = 0; i < slots.length; i++) {
      ints[this.#list.address / INTEGER_BYTES + i] = this.#addressesOf(slots[i]!).floats;
    }
    this.#multiplyListed(slots.length, place);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      this.#known[slot] = scores[i]!;
      this.#knownSlots.push(slot);
      ranking.add(this.#handles[slot]!, scores[i]!);
    }
    return scores;
  }

  /** Cosines that are known from now on are those to the query at another place. */
  #forget(place: number): void {
    for (const slot of this.#knownSlots) this.#known[slot] = Number.NaN;
    this.#knownSlots = [];
    this.#knownPlace = place;
  }

  #cosineOf(slot: number, place: number): number {
    const known = place === this.#knownPlace ? this.#known[slot]! : Number.NaN;
    if (!Number.isNaN(known)) return known;
    this.#arena.ints[this.#list.address / INTEGER_BYTES] = this.#addressesOf(slot).floats;
    this.#multiplyListed(1, place);
    return this.#arena.floats[this.#exact.address / FLOAT_BYTES]!;
  }

  #multiplyListed(count: number, place: number): void {
    const query = this.#queries.address + place * this.#width * FLOAT_BYTES;
    this.#kernel.multiplyListedRows(this.#list.address, count, this.#width, query, this.#exact.address);
  }

  /** Bytes between the rough cosines of two queries. */
  get #roughStep(): number {
    return this.#rough.bytes / QUERIES_A_SCAN;
  }

  #addressesOf(slot: number) {
    const { floats, bytes, scales, shifts } = this.#pages[Math.floor(slot / ROWS_A_PAGE)]!;
    const row = slot % ROWS_A_PAGE;
    return {
      floats: floats.address + row * this.#width * FLOAT_BYTES,
      bytes: bytes.address + row * this.#byteWidth,
      scale: scales.address + row * FLOAT_BYTES,
      shift: shifts.address + row * INTEGER_BYTES,
    };
  }

  #addPage(): void {
    const arena = this.#arena;
    this.#pages.push({
      floats: arena.allocate(ROWS_A_PAGE * this.#width * FLOAT_BYTES),
      bytes: arena.allocate(ROWS_A_PAGE * this.#byteWidth),
      scales: arena.allocate(ROWS_A_PAGE * FLOAT_BYTES),
      shifts: arena.allocate(ROWS_A_PAGE * INTEGER_BYTES),
    });
    const capacity = this.#pages.length * ROWS_A_PAGE + VALUES_MULTIPLE;
    this.#rough = arena.atLeast(this.#rough, QUERIES_A_SCAN * capacity * FLOAT_BYTES);
    this.#list = arena.atLeast(this.#list, capacity * INTEGER_BYTES);
    this.#exact = arena.atLeast(this.#exact, capacity * FLOAT_BYTES);
    this.#known = new Float32Array(capacity).fill(Number.NaN);
    this.#selectionBlock = arena.atLeast(this.#selectionBlock, selectionBytes('f32', capacity));
    const { memory } = arena;
    const start = this.#selectionBlock.address;
    this.#selection = new ValueSelection({ kernel: this.#kernel, memory, format: 'f32', start, capacity });
  }
}

/** Vectors, their bytes, and for each of them the scale of its bytes and their shift for queries. */
type Page = Readonly<Record<'floats' | 'bytes' | 'scales' | 'shifts', Block>>;

type Rounded = { readonly scale: number; readonly norm: number; readonly residual: number };

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
