import { createMemory, PAGE_BYTES, type WasmMemory } from '../local/encoder/kernel.ts';

const SMALLEST_BLOCK = 16;
/** The memory grows by at least this part of its size. */
const GROWTH = 1 / 8;

export type Block = { readonly address: number; readonly bytes: number };

/** Blocks in the memory of a kernel, which grows as necessary. Their sizes are powers of two, so that freed ones fit again. */
export class KernelArena {
  readonly memory: WasmMemory = createMemory(PAGE_BYTES);
  /** The whole memory, until it grows: at most at the next `allocate` or `resize`. */
  bytes = new Int8Array(0);
  shorts = new Int16Array(0);
  ints = new Int32Array(0);
  floats = new Float32Array(0);
  doubles = new Float64Array(0);
  readonly #free = new Map<number, Block[]>();
  #end = 0;

  constructor() {
    this.#view();
  }

  /** A block of at least so many bytes, with anything in it. */
  allocate(bytes: number): Block {
    const size = 2 ** Math.ceil(Math.log2(Math.max(SMALLEST_BLOCK, bytes)));
    const freed = this.#free.get(size)?.pop();
    if (freed !== undefined) return freed;
    const block = { address: this.#end, bytes: size };
    this.#end += size;
    const missing = this.#end - this.memory.buffer.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.ceil(Math.max(missing, this.#end * GROWTH) / PAGE_BYTES));
      this.#view();
    }
    return block;
  }

  /** A block of another size that begins as this one did. */
  resize(block: Block, bytes: number): Block {
    const resized = this.allocate(bytes);
    const kept = Math.min(block.bytes, resized.bytes);
    this.bytes.copyWithin(resized.address, block.address, block.address + kept);
    this.free(block);
    return resized;
  }

  /** This block where it is large enough, else another one, with anything in it. */
  atLeast(block: Block, bytes: number): Block {
    if (block.bytes >= bytes) return block;
    this.free(block);
    return this.allocate(bytes);
  }

  free(block: Block): void {
    const blocks = this.#free.get(block.bytes);
    if (blocks === undefined) this.#free.set(block.bytes, [block]);
    else blocks.push(block);
  }

  #view(): void {
    const { buffer } = this.memory;
    this.bytes = new Int8Array(buffer);
    this.shorts = new Int16Array(buffer);
    this.ints = new Int32Array(buffer);
    this.floats = new Float32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }
}
