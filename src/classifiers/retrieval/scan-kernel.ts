import { defineMultiplyRows } from '../local/dense-kernel.ts';
import { instantiate, type KernelFunction, type WasmMemory } from '../local/encoder/kernel.ts';
import {
  type Assembler,
  advance,
  block,
  call,
  createAssembler,
  type FunctionHandle,
  f32,
  get,
  i32,
  i32x4,
  repeatWhile,
  set,
  sumOfIntegers,
  v128,
} from '../local/encoder/wasm-assembler.ts';
import { defineSelection, type SelectionKernel } from './value-selection.ts';

/** Products of many rows with vectors, in WebAssembly. Addresses are in bytes. */
export type ScanKernel = SelectionKernel & {
  /**
   * out[q][r] = scales[r] · (Σ matrix[r][i] · queries[q][i] + shifts[r]), for one query or `QUERIES_TOGETHER` of them, with rows
   * of signed bytes and queries of bytes from 0 to 127. Arguments: matrix, rows (several queries: a multiple of
   * `ROWS_MULTIPLE`), width (a multiple of `BYTE_WIDTH_MULTIPLE`), queries, shifts, scales, sums (`SUMS_BYTES` of memory to work with), out, bytes from one query's out to the next one's.
   */
  readonly multiplyByteRows: KernelFunction;
  readonly multiplyByteRowsTogether: KernelFunction;
  /**
   * out[i] = Σ row[j] · vector[j] for the row at each address in a list, added in the order of `DenseKernel.multiplyRows`.
   * Arguments: list, number of rows in it, width, vector, out.
   */
  readonly multiplyListedRows: KernelFunction;
};

/**
 * So many queries and rows are compared in one pass, which loads each of them once and has a sum for each pair: each query then
 * takes half the time.
 */
export const QUERIES_TOGETHER = 4;
export const ROWS_MULTIPLE = 2;

const VECTOR_BYTES = 16;
/** Two vectors beside each other, which V8 joins to 256 bits (`useWideVectors`). */
const PAIR_BYTES = 2 * VECTOR_BYTES;
/** One query alone needs two pairs of sums to keep the processor busy. */
const PAIRS_ALONE = 2;
export const BYTE_WIDTH_MULTIPLE = PAIRS_ALONE * PAIR_BYTES;
export const SUMS_BYTES = ROWS_MULTIPLE * QUERIES_TOGETHER * PAIR_BYTES;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

export function createScanKernel(memory: WasmMemory): ScanKernel {
  const assembler = createAssembler();
  const multiplyRows = defineMultiplyRows(assembler);
  defineMultiplyListedRows(assembler, multiplyRows);
  defineMultiplyByteRows(assembler, { name: 'multiplyByteRows', rows: 1, queries: 1, pairs: PAIRS_ALONE });
  const together = { rows: ROWS_MULTIPLE, queries: QUERIES_TOGETHER, pairs: 1 };
  defineMultiplyByteRows(assembler, { name: 'multiplyByteRowsTogether', ...together });
  defineSelection(assembler, 'f32');
  const exports = instantiate(assembler.assemble(1), memory);
  const named = (name: string): KernelFunction => {
    const found = exports[name];
    if (found === undefined) throw new Error(`the kernel has no function "${name}"`);
    return found;
  };
  return {
    multiplyByteRows: named('multiplyByteRows'),
    multiplyByteRowsTogether: named('multiplyByteRowsTogether'),
    multiplyListedRows: named('multiplyListedRows'),
    raiseMaxima: named('raiseMaxima'),
    listFrom: named('listFrom'),
  };
}

function defineMultiplyListedRows(assembler: Assembler, multiplyRows: FunctionHandle): void {
  const parameters = { list: 'i32', count: 'i32', width: 'i32', vector: 'i32', out: 'i32' } as const;
  assembler.define('multiplyListedRows', parameters, (p, newLocal) => {
    const end = newLocal('i32');
    return block(
      set(end, i32.add(get(p.out), i32.mul(get(p.count), i32.const(FLOAT_BYTES)))),
      repeatWhile(
        i32.lessThan(get(p.out), get(end)),
        call(multiplyRows, i32.load(get(p.list)), i32.const(1), get(p.width), get(p.vector), get(p.out)),
        advance(p.list, Int32Array.BYTES_PER_ELEMENT),
        advance(p.out, FLOAT_BYTES),
      ),
    );
  });
}

function defineMultiplyByteRows(
  assembler: Assembler,
  { name, rows, queries, pairs }: { name: string; rows: number; queries: number; pairs: number },
): void {
  const parameters = {
    matrix: 'i32',
    rows: 'i32',
    width: 'i32',
    queries: 'i32',
    shifts: 'i32',
    scales: 'i32',
    sums: 'i32',
    out: 'i32',
    outStep: 'i32',
  } as const;
  const range = (length: number) => Array.from({ length }, (_, i) => i);
  const parts = 2 * pairs;
  assembler.define(name, parameters, (p, newLocal) => {
    const lastOut = newLocal('i32');
    const rowEnd = newLocal('i32');
    const outOfQuery = newLocal('i32');
    const vectors = () => range(parts).map(() => newLocal('v128'));
    const atRow = [p.matrix, ...range(rows - 1).map(() => newLocal('i32'))];
    const atQuery = range(queries).map(() => newLocal('i32'));
    const ofRow = range(rows).map(vectors);
    const ofQuery = vectors();
    const pairsOfBoth = range(rows).flatMap((row) => range(queries).map((query) => ({ row, query, sums: vectors() })));
    const allSums = pairsOfBoth.flatMap(({ sums }) => sums);
    return block(
      set(lastOut, i32.add(get(p.out), i32.mul(get(p.rows), i32.const(FLOAT_BYTES)))),
      repeatWhile(
        i32.lessThan(get(p.out), get(lastOut)),
        ...atQuery.map((at, query) => set(at, i32.add(get(p.queries), i32.mul(get(p.width), i32.const(query))))),
        ...atRow.slice(1).map((at, i) => set(at, i32.add(get(atRow[i]!), get(p.width)))),
        set(rowEnd, i32.add(get(p.matrix), get(p.width))),
        ...allSums.map((sum) => set(sum, i32x4.splat(i32.const(0)))),
        repeatWhile(
          i32.lessThan(get(p.matrix), get(rowEnd)),
          ...ofRow.flatMap((row, r) => row.map((part, i) => set(part, v128.load(get(atRow[r]!), i * VECTOR_BYTES)))),
          ...atQuery.flatMap((at, q) => [
            ...ofQuery.map((part, i) => set(part, v128.load(get(at), i * VECTOR_BYTES))),
            ...pairsOfBoth
              .filter(({ query }) => query === q)
              .flatMap(({ row, sums }) =>
                sums.map((sum, i) => set(sum, i32x4.addDotOfBytes(get(ofRow[row]![i]!), get(ofQuery[i]!), get(sum)))),
              ),
          ]),
          ...[...atRow, ...atQuery].map((at) => advance(at, pairs * PAIR_BYTES)),
        ),
        set(p.matrix, get(atRow.at(-1)!)),
        // Stored beside each other so that V8 joins the pairs above.
        ...allSums.map((sum, i) => v128.store(get(p.sums), get(sum), i * VECTOR_BYTES)),
        ...pairsOfBoth.flatMap(({ row, query, sums: [sum, ...others] }, place) => [
          query === 0
            ? set(outOfQuery, i32.add(get(p.out), i32.const(row * FLOAT_BYTES)))
            : advance(outOfQuery, get(p.outStep)),
          ...others.map((_, i) =>
            set(sum!, i32x4.add(get(sum!), v128.load(get(p.sums), (place * parts + i + 1) * VECTOR_BYTES))),
          ),
          f32.store(
            get(outOfQuery),
            f32.mul(
              f32.load(get(p.scales), row * FLOAT_BYTES),
              f32.fromInteger(i32.add(sumOfIntegers(sum!), i32.load(get(p.shifts), row * FLOAT_BYTES))),
            ),
          ),
        ]),
        advance(p.shifts, rows * Int32Array.BYTES_PER_ELEMENT),
        advance(p.scales, rows * FLOAT_BYTES),
        advance(p.out, rows * FLOAT_BYTES),
      ),
    );
  });
}
