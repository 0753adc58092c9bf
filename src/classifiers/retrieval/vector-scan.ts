import type { Block } from './kernel-arena.ts';
import { Ranking } from './ranking.ts';
import { type Rounded, roundTo } from './round-vector.ts';
import {
  BYTE_WIDTH_MULTIPLE,
  createScanKernel,
  QUERIES_TOGETHER,
  ROWS_TOGETHER,
  type ScanKernel,
  SUMS_BYTES,
} from './scan-kernel.ts';
import { nthHighest, selectionBytes, VALUES_MULTIPLE, ValueSelection } from './value-selection.ts';
import { MAX_IN_QUERY, QUERY_MIDDLE, ROWS_A_PAGE, VectorPages } from './vector-pages.ts';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const INTEGER_BYTES = Int32Array.BYTES_PER_ELEMENT;
/** The most queries of one scan; a power of two. With 16 the bytes of the vectors are read from memory half as often as with 8. */
export const QUERIES_A_SCAN = 8 * QUERIES_TOGETHER;
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
  readonly #vectors: VectorPages;
  readonly #kernel: ScanKernel;
  /** What queries are compared with, and the rest of what a comparison needs. */
  readonly #queries: Block;
  readonly #digits: Block;
  readonly #sums: Block;
  /** The products of the bytes, by query and slot. */
  #rough: Block;
  #list: Block;
  #exact: Block;
  #selectionBlock: Block;
  #selection: ValueSelection | null = null;
  readonly #ranking = new Ranking();
  /** The slots whose cosines are computed. */
  #chosen = new Int32Array(0);
  /** By slot, the last cosine that was computed, and for which number of a `top`. */
  #cosines = new Float32Array(0);
  #computedFor = new Float64Array(0);
  #tops = 0;
  /** The place of the query of the last `top`. */
  #topPlace = -1;

  constructor(width: number) {
    this.#vectors = new VectorPages(width, () => this.#makeRoom());
    const { arena, byteWidth } = this.#vectors;
    this.#kernel = createScanKernel(arena.memory);
    this.#queries = arena.allocate(QUERIES_A_SCAN * width * FLOAT_BYTES);
    this.#digits = arena.allocate(QUERIES_A_SCAN * byteWidth);
    this.#sums = arena.allocate(SUMS_BYTES);
    this.#rough = arena.allocate(0);
    this.#list = arena.allocate(0);
    this.#exact = arena.allocate(0);
    this.#selectionBlock = arena.allocate(0);
  }

  get size(): number {
    return this.#vectors.handles.length;
  }

  has(handle: number): boolean {
    return this.#vectors.slotOf(handle) >= 0;
  }

  /** Adds a vector, or replaces the one with the same handle. */
  put(handle: number, vector: Float32Array): void {
    this.#vectors.put(handle, vector);
  }

  remove(handle: number): void {
    this.#vectors.remove(handle);
  }

  /** The comparison is read before the next call of this object. */
  compare(query: Float32Array): Comparison {
    return this.compareAll([query])[0]!;
  }

  /** Compares up to `QUERIES_A_SCAN` queries in one pass. The comparisons are read before the next call of this object. */
  compareAll(queries: readonly Float32Array[]): Comparison[] {
    this.#topPlace = -1;
    const rounded = queries.map((query, place) => this.#place(query, place));
    this.#multiply(queries.length);
    return rounded.map((query, place) => ({
      top: (count) => this.#top(query, { place, count }),
      cosineOf: (handle) => this.#cosineOf(handle, place),
    }));
  }

  /** Highest cosine of the query to any vector; 0 when there are none. */
  highest(query: Float32Array): number {
    const comparison = this.compare(query);
    const [best] = comparison.top(1);
    return best === undefined ? 0 : comparison.cosineOf(best);
  }

  #place(query: Float32Array, place: number): Rounded {
    const { width, byteWidth, arena } = this.#vectors;
    arena.floats.set(query, this.#queries.address / FLOAT_BYTES + place * width);
    const at = this.#digits.address + place * byteWidth;
    const into = arena.bytes.subarray(at, at + width);
    return roundTo(query, { max: MAX_IN_QUERY, middle: QUERY_MIDDLE, into });
  }

  /** Computes the rough cosines of all vectors. */
  #multiply(queryCount: number): void {
    if (queryCount === 0) return;
    const { byteWidth: width, pages } = this.#vectors;
    const isAlone = queryCount === 1;
    const multiply = isAlone ? this.#kernel.multiplyByteRows : this.#kernel.multiplyByteRowsTogether;
    // Beside an odd last query, one of an earlier scan is compared again.
    const count = isAlone ? 1 : Math.ceil(queryCount / QUERIES_TOGETHER) * QUERIES_TOGETHER;
    for (const [number, { bytes, shifts, scales }] of pages.entries()) {
      const rows = Math.min(ROWS_A_PAGE, this.size - number * ROWS_A_PAGE);
      if (rows <= 0) return;
      // Some rows more than there are, within the page, to the next multiple.
      const whole = Math.ceil(rows / ROWS_TOGETHER) * ROWS_TOGETHER;
      const rest = [shifts.address, scales.address, this.#sums.address] as const;
      const out = this.#rough.address + number * ROWS_A_PAGE * FLOAT_BYTES;
      multiply(bytes.address, whole, width, this.#digits.address, count, ...rest, out, this.#roughStep);
    }
  }

  #top({ scale, norm, residual }: Rounded, { place, count }: { place: number; count: number }): number[] {
    const { size } = this;
    if (count <= 0 || size === 0 || this.#selection === null) return [];
    const { width, maxNorm, maxResidual, arena } = this.#vectors;
    const values = this.#rough.address + place * this.#roughStep;
    // A cosine and its rough value differ by `bound` at most.
    const longest = maxNorm + maxResidual;
    const arithmetic = (width + BYTE_WIDTH_MULTIPLE) * FLOAT_ERROR * (norm + residual) * longest;
    const bound = (norm * maxResidual + residual * longest + arithmetic) / scale;
    const likely = this.#selection.boundOfHighest({ values, size, n: count });
    const slots = this.#selection.from({ values, size, least: likely - 2 * bound });
    const rough = arena.floats.subarray(values / FLOAT_BYTES, values / FLOAT_BYTES + size);
    this.#tops += 1;
    this.#topPlace = place;
    this.#ranking.clear();
    const chosen = this.#chosen;
    let chosenCount = 0;
    let others = 0;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (rough[slot]! >= likely) chosen[chosenCount++] = slot;
      else slots[others++] = slot;
    }
    const scores = this.#rank(chosenCount, place);
    // Others are among the best only where they can reach the last of the best so far.
    const least =
      chosenCount < count
        ? Number.NEGATIVE_INFINITY
        : nthHighest(scores, { size: chosenCount, n: count }) / scale - bound;
    chosenCount = 0;
    for (let i = 0; i < others; i++) if (!(rough[slots[i]!]! < least)) chosen[chosenCount++] = slots[i]!;
    this.#rank(chosenCount, place);
    return this.#ranking.best(count);
  }

  /** Adds the exact cosines of the first of the chosen slots to the ranking, and returns them until the next multiplication. */
  #rank(count: number, place: number): Float32Array {
    const { arena, handles } = this.#vectors;
    const exact = this.#exact.address / FLOAT_BYTES;
    const scores = arena.floats.subarray(exact, exact + count);
    if (count === 0) return scores;
    const list = this.#list.address / INTEGER_BYTES;
    for (let i = 0; i < count; i++) arena.ints[list + i] = this.#vectors.addressOf(this.#chosen[i]!);
    this.#multiplyListed(count, place);
    for (let i = 0; i < count; i++) {
      const slot = this.#chosen[i]!;
      this.#cosines[slot] = scores[i]!;
      this.#computedFor[slot] = this.#tops;
      this.#ranking.add(handles[slot]!, scores[i]!);
    }
    return scores;
  }

  #cosineOf(handle: number, place: number): number {
    const slot = this.#vectors.slotOf(handle);
    if (slot < 0) return 0;
    if (place === this.#topPlace && this.#computedFor[slot] === this.#tops) return this.#cosines[slot]!;
    const { arena } = this.#vectors;
    arena.ints[this.#list.address / INTEGER_BYTES] = this.#vectors.addressOf(slot);
    this.#multiplyListed(1, place);
    return arena.floats[this.#exact.address / FLOAT_BYTES]!;
  }

  #multiplyListed(count: number, place: number): void {
    const { width } = this.#vectors;
    const query = this.#queries.address + place * width * FLOAT_BYTES;
    this.#kernel.multiplyListedRows(this.#list.address, count, width, query, this.#exact.address);
  }

  /** Bytes between the rough cosines of two queries. */
  get #roughStep(): number {
    return this.#rough.bytes / QUERIES_A_SCAN;
  }

  /** What a comparison needs for each vector, after a page of them was added. */
  #makeRoom(): void {
    const { arena, pages } = this.#vectors;
    const capacity = pages.length * ROWS_A_PAGE + VALUES_MULTIPLE;
    this.#rough = arena.atLeast(this.#rough, QUERIES_A_SCAN * capacity * FLOAT_BYTES);
    this.#list = arena.atLeast(this.#list, capacity * INTEGER_BYTES);
    this.#exact = arena.atLeast(this.#exact, capacity * FLOAT_BYTES);
    this.#chosen = new Int32Array(capacity);
    this.#cosines = new Float32Array(capacity);
    this.#computedFor = new Float64Array(capacity);
    this.#selectionBlock = arena.atLeast(this.#selectionBlock, selectionBytes('f32', capacity));
    const { memory } = arena;
    const start = this.#selectionBlock.address;
    this.#selection = new ValueSelection({ kernel: this.#kernel, memory, format: 'f32', start, capacity });
  }
}
