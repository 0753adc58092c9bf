import { type Block, KernelArena } from './kernel-arena.ts';
import { roundTo } from './round-vector.ts';
import { BYTE_WIDTH_MULTIPLE } from './scan-kernel.ts';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const INTEGER_BYTES = Int32Array.BYTES_PER_ELEMENT;
/**
 * Vectors are placed in pages of so many, which stay where they are: copying all of them to larger memory would hold searches
 * for a tenth of a second. The bytes of a page fit into the processor's second cache, so that they are read from memory once
 * for all queries of a scan.
 */
export const ROWS_A_PAGE = 1_024;
/** The largest number in a rounded vector and, positive or negative, in a rounded query, to which `QUERY_MIDDLE` is added: 1 to 127. */
const MAX_BYTE = 127;
export const MAX_IN_QUERY = 63;
export const QUERY_MIDDLE = 64;
/** In `#slots`, for a handle without a vector. */
const NONE = 0;

/** Vectors, their bytes, and for each of them the scale of its bytes and their shift for queries. */
type Page = Readonly<Record<'floats' | 'bytes' | 'scales' | 'shifts', Block>>;

/** Vectors by handle, in full and rounded to eight bits a number, each in a slot of its own in the memory of a kernel. */
export class VectorPages {
  readonly arena = new KernelArena();
  readonly width: number;
  /** Bytes of a rounded vector. */
  readonly byteWidth: number;
  /** By slot. */
  readonly handles: number[] = [];
  readonly pages: Page[] = [];
  /** The longest vector, and the longest difference between a vector and its bytes, so far. */
  maxNorm = 0;
  maxResidual = 0;
  /** By handle, its slot plus 1. */
  #slots = new Int32Array(0);
  readonly #onPage: () => void;

  /** `onPage` is called after each new page. */
  constructor(width: number, onPage: () => void) {
    this.width = width;
    this.byteWidth = Math.ceil(width / BYTE_WIDTH_MULTIPLE) * BYTE_WIDTH_MULTIPLE;
    this.#onPage = onPage;
  }

  /** -1 for a handle without a vector. */
  slotOf(handle: number): number {
    return handle < this.#slots.length ? this.#slots[handle]! - 1 : NONE - 1;
  }

  /** The address of the vector in a slot. */
  addressOf(slot: number): number {
    const page = Math.floor(slot / ROWS_A_PAGE);
    return this.pages[page]!.floats.address + (slot - page * ROWS_A_PAGE) * this.width * FLOAT_BYTES;
  }

  put(handle: number, vector: Float32Array): void {
    let slot = this.slotOf(handle);
    if (slot < 0) {
      slot = this.handles.length;
      if (slot === this.pages.length * ROWS_A_PAGE) this.#addPage();
      this.handles.push(handle);
      this.#setSlot(handle, slot);
    }
    const { floats, bytes, ints } = this.arena;
    const at = this.#addressesOf(slot);
    floats.set(vector, at.floats / FLOAT_BYTES);
    const rounded = bytes.subarray(at.bytes, at.bytes + this.byteWidth).fill(0);
    const { scale, norm, residual } = roundTo(vector, { max: MAX_BYTE, middle: 0, into: rounded });
    floats[at.scale / FLOAT_BYTES] = scale;
    // What `QUERY_MIDDLE` adds to each number of a query.
    ints[at.shift / INTEGER_BYTES] = -QUERY_MIDDLE * rounded.reduce((sum, value) => sum + value, 0);
    this.maxNorm = Math.max(this.maxNorm, norm);
    this.maxResidual = Math.max(this.maxResidual, residual);
  }

  /** The last vector moves to the slot of the removed one. */
  remove(handle: number): void {
    const slot = this.slotOf(handle);
    if (slot < 0) return;
    const last = this.handles.pop()!;
    this.#slots[handle] = NONE;
    if (last === handle) return;
    const to = this.#addressesOf(slot);
    const from = this.#addressesOf(this.handles.length);
    const { bytes } = this.arena;
    bytes.copyWithin(to.floats, from.floats, from.floats + this.width * FLOAT_BYTES);
    bytes.copyWithin(to.bytes, from.bytes, from.bytes + this.byteWidth);
    bytes.copyWithin(to.scale, from.scale, from.scale + FLOAT_BYTES);
    bytes.copyWithin(to.shift, from.shift, from.shift + INTEGER_BYTES);
    this.handles[slot] = last;
    this.#setSlot(last, slot);
  }

  #setSlot(handle: number, slot: number): void {
    if (handle >= this.#slots.length) {
      const larger = new Int32Array(Math.max(ROWS_A_PAGE, 2 * handle));
      larger.set(this.#slots);
      this.#slots = larger;
    }
    this.#slots[handle] = slot + 1;
  }

  #addressesOf(slot: number) {
    const { bytes, scales, shifts } = this.pages[Math.floor(slot / ROWS_A_PAGE)]!;
    const row = slot % ROWS_A_PAGE;
    return {
      floats: this.addressOf(slot),
      bytes: bytes.address + row * this.byteWidth,
      scale: scales.address + row * FLOAT_BYTES,
      shift: shifts.address + row * INTEGER_BYTES,
    };
  }

  #addPage(): void {
    this.pages.push({
      floats: this.arena.allocate(ROWS_A_PAGE * this.width * FLOAT_BYTES),
      bytes: this.arena.allocate(ROWS_A_PAGE * this.byteWidth),
      scales: this.arena.allocate(ROWS_A_PAGE * FLOAT_BYTES),
      shifts: this.arena.allocate(ROWS_A_PAGE * INTEGER_BYTES),
    });
    this.#onPage();
  }
}
