import type { KernelFunction, WasmMemory } from '../local/encoder/kernel.ts';
import {
  type Assembler,
  advance,
  block,
  f32x4,
  f64x2,
  get,
  i32,
  i32x4,
  repeatWhile,
  set,
  v128,
  when,
} from '../local/encoder/wasm-assembler.ts';

const VECTOR_BYTES = 16;
const INTEGER_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** How the kernel works on floats of 32 or 64 bits. */
const formats = {
  f32: { bytes: 4, lanes: f32x4, splat: v128.load32Splat, Floats: Float32Array },
  f64: { bytes: 8, lanes: f64x2, splat: v128.load64Splat, Floats: Float64Array },
} as const;
export type ValueFormat = keyof typeof formats;

/** Values are stored for a multiple of so many, the last ones beyond their number being overwritten. */
export const VALUES_MULTIPLE = 4;

/** Of so many groups for each value wanted, few have two of the highest values. */
const GROUPS_FOR_EACH = 4;
/** The most values that can be wanted. */
export const MAX_WANTED = 100;
const MAX_GROUPS = GROUPS_FOR_EACH * MAX_WANTED;

/** The functions that `defineSelection` adds to a kernel; addresses in bytes. */
export type SelectionKernel = {
  /** maxima[i % groups] = the highest of values[i], for whole groups of bytes from `values` to `end`. */
  readonly raiseMaxima: KernelFunction;
  /** list[…] = the place of each value from `values` to `end` that is not less than the one at `least`; `count` of them. */
  readonly listFrom: KernelFunction;
};

export function defineSelection(assembler: Assembler, format: ValueFormat): void {
  const { bytes, lanes, splat } = formats[format];
  assembler.define(
    'raiseMaxima',
    { values: 'i32', end: 'i32', maxima: 'i32', maximaEnd: 'i32' } as const,
    (p, newLocal) => {
      const at = newLocal('i32');
      const isBefore = i32.lessThan(get(p.values), get(p.end));
      return when(
        isBefore,
        repeatWhile(
          isBefore,
          set(at, get(p.maxima)),
          repeatWhile(
            i32.and(isBefore, i32.lessThan(get(at), get(p.maximaEnd))),
            v128.store(get(at), lanes.greater(v128.load(get(at)), v128.load(get(p.values)))),
            advance(p.values, VECTOR_BYTES),
            advance(at, VECTOR_BYTES),
          ),
        ),
      );
    },
  );
  assembler.define(
    'listFrom',
    { values: 'i32', end: 'i32', least: 'i32', list: 'i32', count: 'i32' } as const,
    (p, newLocal) => {
      const first = newLocal('i32');
      const place = newLocal('i32');
      const bound = newLocal('v128');
      const isLess = newLocal('v128');
      const perVector = VECTOR_BYTES / bytes;
      // All bits of a lane are set where its value is less: as an integer, -1.
      const laneOf = (i: number) => i32x4.lane(get(isLess), (i * bytes) / INTEGER_BYTES);
      return block(
        set(first, get(p.list)),
        set(bound, splat(get(p.least))),
        repeatWhile(
          i32.lessThan(get(p.values), get(p.end)),
          set(isLess, lanes.lessThan(v128.load(get(p.values)), get(bound))),
          when(
            i32.equal(i32x4.allTrue(get(isLess)), i32.const(0)),
            ...Array.from({ length: perVector }, (_, i) =>
              block(
                i32.store(get(p.list), i32.add(get(place), i32.const(i))),
                advance(p.list, i32.mul(i32.add(laneOf(i), i32.const(1)), i32.const(INTEGER_BYTES))),
              ),
            ),
          ),
          advance(p.values, VECTOR_BYTES),
          advance(place, perVector),
        ),
        i32.store(get(p.count), i32.div(i32.sub(get(p.list), get(first)), i32.const(INTEGER_BYTES))),
      );
    },
  );
}

/** The bytes that a selection among `capacity` values works with. */
export function selectionBytes(format: ValueFormat, capacity: number): number {
  return MAX_GROUPS * formats[format].bytes + VECTOR_BYTES + (capacity + VALUES_MULTIPLE) * INTEGER_BYTES;
}

/** Parts of the kernel's memory, until it grows. */
type Views = {
  readonly maxima: Float32Array | Float64Array;
  readonly least: Float32Array | Float64Array;
  readonly count: Int32Array;
  readonly list: Int32Array;
};

/** Selects the highest of the values in the memory of a kernel that has `defineSelection`. */
export class ValueSelection {
  readonly #kernel: SelectionKernel;
  readonly #memory: WasmMemory;
  readonly #format: ValueFormat;
  readonly #capacity: number;
  readonly #at: { readonly maxima: number; readonly least: number; readonly count: number; readonly list: number };
  #views: Views;

  /** `start` is the address of `selectionBytes` that only this object uses; a multiple of 16. */
  constructor(options: {
    kernel: SelectionKernel;
    memory: WasmMemory;
    format: ValueFormat;
    start: number;
    capacity: number;
  }) {
    const { kernel, memory, format, start, capacity } = options;
    const least = start + MAX_GROUPS * formats[format].bytes;
    this.#at = { maxima: start, least, count: least + 8, list: least + VECTOR_BYTES };
    this.#kernel = kernel;
    this.#memory = memory;
    this.#format = format;
    this.#capacity = capacity;
    this.#views = this.#view();
  }

  /**
   * A bound that at least `n` of the first `size` values reach, and few more: the n-th highest of the maxima of groups, which
   * takes a part of the time that finding the n-th value does. Neighbours, which tend to be alike, are in different groups.
   */
  boundOfHighest({ values, size, n }: { values: number; size: number; n: number }): number {
    if (n > MAX_WANTED) throw new RangeError(`${n} values are wanted, more than ${MAX_WANTED}`);
    if (size < n) return Number.NEGATIVE_INFINITY;
    const { bytes, Floats } = formats[this.#format];
    const { maxima } = this.#currentViews();
    const groups = Math.min(size, GROUPS_FOR_EACH * n);
    maxima.set(new Floats(this.#memory.buffer, values, groups));
    if (groups < size) {
      const groupBytes = groups * bytes;
      const end = this.#end({ values, size });
      this.#kernel.raiseMaxima(values + groupBytes, end, this.#at.maxima, this.#at.maxima + groupBytes);
    }
    return nthHighest(maxima, { size: groups, n });
  }

  /** The places of those of the first `size` values that are not less than `least`, until the next call. */
  from({ values, size, least }: { values: number; size: number; least: number }): Int32Array {
    // Where it is rounded up to 32 bits, no value of 32 bits lies between the two.
    const views = this.#currentViews();
    views.least[0] = least;
    this.#kernel.listFrom(values, this.#end({ values, size }), this.#at.least, this.#at.list, this.#at.count);
    let count = views.count[0]!;
    while (count > 0 && views.list[count - 1]! >= size) count--;
    return views.list.subarray(0, count);
  }

  #currentViews(): Views {
    if (this.#views.maxima.buffer !== this.#memory.buffer) this.#views = this.#view();
    return this.#views;
  }

  #view(): Views {
    const { buffer } = this.#memory;
    const { Floats } = formats[this.#format];
    const { maxima, least, count, list } = this.#at;
    return {
      maxima: new Floats(buffer, maxima, MAX_GROUPS),
      least: new Floats(buffer, least, 1),
      count: new Int32Array(buffer, count, 1),
      list: new Int32Array(buffer, list, this.#capacity + VALUES_MULTIPLE),
    };
  }

  /** The kernel works on whole vectors: values beyond the last one become the lowest. */
  #end({ values, size }: { values: number; size: number }): number {
    const { bytes, Floats } = formats[this.#format];
    const whole = VALUES_MULTIPLE * Math.ceil(size / VALUES_MULTIPLE);
    if (whole > size)
      new Floats(this.#memory.buffer, values + size * bytes, whole - size).fill(Number.NEGATIVE_INFINITY);
    return values + whole * bytes;
  }
}

/** The n-th highest of the first `size` values, which it reorders. */
export function nthHighest(values: Float32Array | Float64Array, { size, n }: { size: number; n: number }): number {
  const wanted = n - 1;
  let from = 0;
  let to = size - 1;
  // Hoare's selection: each round leaves the part that has the wanted place.
  while (from < to) {
    const pivot = values[(from + to) >> 1]!;
    let left = from;
    let right = to;
    while (left <= right) {
      while (values[left]! > pivot) left++;
      while (values[right]! < pivot) right--;
      if (left > right) break;
      const value = values[left]!;
      values[left++] = values[right]!;
      values[right--] = value;
    }
    if (wanted <= right) to = right;
    else if (wanted >= left) from = left;
    else break;
  }
  return values[wanted]!;
}
