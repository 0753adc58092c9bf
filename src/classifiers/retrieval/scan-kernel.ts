import { defineMultiplyRows } from '../local/dense-kernel.ts';
import { createMemory, instantiate, type KernelFunction } from '../local/encoder/kernel.ts';
import {
  type Assembler,
  advance,
  block,
  createAssembler,
  f32,
  f32x4,
  get,
  i32,
  i32x4,
  repeatWhile,
  set,
  sumOfLanes,
  v128,
} from '../local/encoder/wasm-assembler.ts';

/** Products of many rows with one vector, in WebAssembly, on one block of memory. */
export type ScanKernel = {
  readonly memory: ArrayBuffer;
  /** As in `DenseKernel`. */
  readonly multiplyRows: KernelFunction;
  /**
   * out[r] = scales[r] · Σ matrix[r][i] · vector[i], with rows of bytes and a vector of 16-bit integers. Arguments: matrix,
   * rows, width, vector, scales, sums (`SUMS_BYTES` of memory to work with), out; addresses in bytes, the width a multiple of `BYTE_WIDTH_MULTIPLE`. No sum may pass 2³¹.
   */
  readonly multiplyByteRows: KernelFunction;
};

/** Rows of bytes must be a multiple of this long: eight numbers a load, four loads a step. */
export const BYTE_WIDTH_MULTIPLE = 32;

export const SUMS_BYTES = 2 * BYTE_WIDTH_MULTIPLE;

export function createScanKernel(bytes: number): ScanKernel {
  const assembler = createAssembler();
  defineMultiplyRows(assembler);
  defineMultiplyByteRows(assembler);
  const memory = createMemory(bytes);
  const { multiplyRows, multiplyByteRows } = instantiate(assembler.assemble(1), memory);
  if (multiplyRows === undefined || multiplyByteRows === undefined) throw new Error('the kernel lacks a function');
  return { memory: memory.buffer, multiplyRows, multiplyByteRows };
}

const VECTOR_BYTES = 16;
const NUMBERS_A_LOAD = 8;
const SHORT_BYTES = Int16Array.BYTES_PER_ELEMENT;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

function defineMultiplyByteRows(assembler: Assembler): void {
  const parameters = {
    matrix: 'i32',
    rows: 'i32',
    width: 'i32',
    vector: 'i32',
    scales: 'i32',
    sums: 'i32',
    out: 'i32',
  } as const;
  assembler.define('multiplyByteRows', parameters, (p, newLocal) => {
    const lastOut = newLocal('i32');
    const rowEnd = newLocal('i32');
    const at = newLocal('i32');
    const total = newLocal('v128');
    const sums = Array.from({ length: BYTE_WIDTH_MULTIPLE / NUMBERS_A_LOAD }, () => newLocal('v128'));
    return block(
      set(lastOut, i32.add(get(p.out), i32.mul(get(p.rows), i32.const(FLOAT_BYTES)))),
      repeatWhile(
        i32.lessThan(get(p.out), get(lastOut)),
        set(at, get(p.vector)),
        set(rowEnd, i32.add(get(p.matrix), get(p.width))),
        ...sums.map((sum) => set(sum, i32x4.splat(i32.const(0)))),
        repeatWhile(
          i32.lessThan(get(p.matrix), get(rowEnd)),
          ...sums.map((sum, i) => {
            const numbers = v128.loadBytes(get(p.matrix), i * NUMBERS_A_LOAD);
            const others = v128.load(get(at), i * NUMBERS_A_LOAD * SHORT_BYTES);
            return set(sum, i32x4.add(get(sum), i32x4.dot(numbers, others)));
          }),
          advance(p.matrix, BYTE_WIDTH_MULTIPLE),
          advance(at, BYTE_WIDTH_MULTIPLE * SHORT_BYTES),
        ),
        // Stored beside each other so that V8 joins them to 256 bits (`useWideVectors`).
        ...sums.map((sum, i) => v128.store(get(p.sums), get(sum), i * VECTOR_BYTES)),
        ...sums
          .slice(1)
          .map((_, i) => set(sums[0]!, i32x4.add(get(sums[0]!), v128.load(get(p.sums), (i + 1) * VECTOR_BYTES)))),
        set(total, f32x4.fromInteger(get(sums[0]!))),
        f32.store(get(p.out), f32.mul(f32.load(get(p.scales)), sumOfLanes(total))),
        advance(p.scales, FLOAT_BYTES),
        advance(p.out, FLOAT_BYTES),
      ),
    );
  });
}
