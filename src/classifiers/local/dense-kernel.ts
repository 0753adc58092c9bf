import { createMemory, instantiate, type KernelFunction } from './encoder/kernel.ts';
import {
  type Assembler,
  advance,
  block,
  type Code,
  call,
  createAssembler,
  type FunctionHandle,
  f32,
  f32x4,
  get,
  i32,
  type Local,
  repeatWhile,
  set,
  sumOfLanes,
  v128,
  when,
} from './encoder/wasm-assembler.ts';

/** The inner loops of training in WebAssembly, several times faster than in TypeScript, on one block of memory. */
export type DenseKernel = {
  readonly memory: ArrayBuffer;
  /** out[r] = Σ matrix[r][i] · vector[i]. Arguments: matrix, rows, width, vector, out; addresses in bytes. */
  readonly multiplyRows: KernelFunction;
  /** row[i] += factor · vector[i]. Arguments: row, width, vector, factor. */
  readonly addScaled: KernelFunction;
  /**
   * out[k] += Σ values[i] · matrix[rows[i]][k], for a sparse vector. Arguments: matrix, width, rows, values, count,
   * out; rows hold the offset of each row in bytes.
   */
  readonly addRows: KernelFunction;
  /**
   * matrix[rows[i]][k] += factor · values[i] · vector[k]. Arguments: matrix, width, rows, values, count, vector,
   * factor.
   */
  readonly addToRows: KernelFunction;
};

const VECTOR_BYTES = 16;
/** Four vectors are added in each step, to use the processor fully; widths must therefore be multiples of 16. */
const UNROLLED = 4;
const STEP_BYTES = VECTOR_BYTES * UNROLLED;
/** Rows must be a multiple of this many floats long. */
export const WIDTH_MULTIPLE = STEP_BYTES / Float32Array.BYTES_PER_ELEMENT;

export function createDenseKernel(bytes: number): DenseKernel {
  const assembler = createAssembler();
  defineMultiplyRows(assembler);
  const addScaled = defineAddScaled(assembler);
  defineAddRows(assembler, addScaled);
  defineAddToRows(assembler, addScaled);
  const memory = createMemory(bytes);
  const exports = instantiate(assembler.assemble(1), memory);
  const named = (name: string): KernelFunction => {
    const found = exports[name];
    if (found === undefined) throw new Error(`the kernel has no function "${name}"`);
    return found;
  };
  return {
    memory: memory.buffer,
    multiplyRows: named('multiplyRows'),
    addScaled: named('addScaled'),
    addRows: named('addRows'),
    addToRows: named('addToRows'),
  };
}

const bytesOf = (width: Local) => i32.mul(get(width), i32.const(Float32Array.BYTES_PER_ELEMENT));
const places = Array.from({ length: UNROLLED }, (_, i) => i);

/** Defines the `multiplyRows` of `DenseKernel`. */
export function defineMultiplyRows(assembler: Assembler): FunctionHandle {
  const parameters = { matrix: 'i32', rows: 'i32', width: 'i32', vector: 'i32', out: 'i32' } as const;
  return assembler.define('multiplyRows', parameters, (p, newLocal) => {
    const lastOut = newLocal('i32');
    const rowEnd = newLocal('i32');
    const at = newLocal('i32');
    const sums = places.map(() => newLocal('v128'));
    return block(
      set(lastOut, i32.add(get(p.out), bytesOf(p.rows))),
      repeatWhile(
        i32.lessThan(get(p.out), get(lastOut)),
        set(at, get(p.vector)),
        set(rowEnd, i32.add(get(p.matrix), bytesOf(p.width))),
        ...sums.map((sum) => set(sum, f32x4.splat(f32.const(0)))),
        repeatWhile(
          i32.lessThan(get(p.matrix), get(rowEnd)),
          ...sums.map((sum, i) => {
            const offset = i * VECTOR_BYTES;
            const product = f32x4.mul(v128.load(get(p.matrix), offset), v128.load(get(at), offset));
            return set(sum, f32x4.add(get(sum), product));
          }),
          advance(p.matrix, STEP_BYTES),
          advance(at, STEP_BYTES),
        ),
        ...sums.slice(1).map((sum) => set(sums[0]!, f32x4.add(get(sums[0]!), get(sum)))),
        f32.store(get(p.out), sumOfLanes(sums[0]!)),
        advance(p.out, Float32Array.BYTES_PER_ELEMENT),
      ),
    );
  });
}

function defineAddScaled(assembler: Assembler): FunctionHandle {
  const parameters = { row: 'i32', width: 'i32', vector: 'i32', factor: 'f32' } as const;
  return assembler.define('addScaled', parameters, (p, newLocal) => {
    const end = newLocal('i32');
    const factor = newLocal('v128');
    return block(
      set(end, i32.add(get(p.row), bytesOf(p.width))),
      set(factor, f32x4.splat(get(p.factor))),
      repeatWhile(
        i32.lessThan(get(p.row), get(end)),
        ...places.map((i) => {
          const offset = i * VECTOR_BYTES;
          const change = f32x4.mul(v128.load(get(p.vector), offset), get(factor));
          return v128.store(get(p.row), f32x4.add(v128.load(get(p.row), offset), change), offset);
        }),
        advance(p.row, STEP_BYTES),
        advance(p.vector, STEP_BYTES),
      ),
    );
  });
}

function defineAddRows(assembler: Assembler, addScaled: FunctionHandle): void {
  const parameters = { matrix: 'i32', width: 'i32', rows: 'i32', values: 'i32', count: 'i32', out: 'i32' } as const;
  assembler.define('addRows', parameters, (p, newLocal) => {
    const end = newLocal('i32');
    return block(
      set(end, i32.add(get(p.rows), bytesOf(p.count))),
      whileBefore(
        { at: p.rows, end },
        call(
          addScaled,
          get(p.out),
          get(p.width),
          i32.add(get(p.matrix), i32.load(get(p.rows))),
          f32.load(get(p.values)),
        ),
        advance(p.rows, Float32Array.BYTES_PER_ELEMENT),
        advance(p.values, Float32Array.BYTES_PER_ELEMENT),
      ),
    );
  });
}

function defineAddToRows(assembler: Assembler, addScaled: FunctionHandle): void {
  const sparse = { matrix: 'i32', width: 'i32', rows: 'i32', values: 'i32', count: 'i32' } as const;
  const parameters = { ...sparse, vector: 'i32', factor: 'f32' } as const;
  assembler.define('addToRows', parameters, (p, newLocal) => {
    const end = newLocal('i32');
    const row = i32.add(get(p.matrix), i32.load(get(p.rows)));
    return block(
      set(end, i32.add(get(p.rows), bytesOf(p.count))),
      whileBefore(
        { at: p.rows, end },
        call(addScaled, row, get(p.width), get(p.vector), f32.mul(f32.load(get(p.values)), get(p.factor))),
        advance(p.rows, Float32Array.BYTES_PER_ELEMENT),
        advance(p.values, Float32Array.BYTES_PER_ELEMENT),
      ),
    );
  });
}

/** A loop that does not run when there is nothing to do, as for a text without a known word. */
function whileBefore({ at, end }: { at: Local; end: Local }, ...body: readonly Code[]): Code {
  return when(i32.lessThan(get(at), get(end)), repeatWhile(i32.lessThan(get(at), get(end)), ...body));
}
