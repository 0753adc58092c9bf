import { defineMultiplyRows } from '../local/dense-kernel.ts';
import { instantiate, type KernelFunction, type WasmMemory } from '../local/encoder/kernel.ts';
import {
  type Assembler,
  advance,
  block,
  call,
  createAssembler,
  type FunctionHandle,
  f32x4,
  get,
  i32,
  i32x4,
  type Local,
  repeatWhile,
  set,
  v128,
} from '../local/encoder/wasm-assembler.ts';
import { defineSelection, type SelectionKernel } from './value-selection.ts';

/** Products of many rows with vectors, in WebAssembly. Addresses are in bytes. */
export type ScanKernel = SelectionKernel & {
  /**
   * out[q][r] = scales[r] · (Σ matrix[r][i] · queries[q][i] + shifts[r]), for one query or a multiple of `QUERIES_TOGETHER`, with
   * rows of signed bytes and queries of bytes from 0 to 127. Arguments: matrix, rows (a multiple of `ROWS_TOGETHER`), width (a
   * multiple of `BYTE_WIDTH_MULTIPLE`), queries, number of queries, shifts, scales, sums (`SUMS_BYTES` of memory to work with),
   * out, bytes from one query's out to the next one's.
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
 * So many queries and rows are compared in one pass, which loads each of them once and has a sum for each pair: a query then
 * takes half the time that it takes alone. The sums of four rows become the lanes of one vector.
 */
export const QUERIES_TOGETHER = 2;
export const ROWS_TOGETHER = 4;

const VECTOR_BYTES = 16;
/** Two vectors beside each other, which V8 joins to 256 bits (`useWideVectors`). */
const PAIR_BYTES = 2 * VECTOR_BYTES;
/** So many pairs between two looks whether a row has ended. */
const STEPS = 2;
export const BYTE_WIDTH_MULTIPLE = STEPS * PAIR_BYTES;
export const SUMS_BYTES = ROWS_TOGETHER * QUERIES_TOGETHER * PAIR_BYTES;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

export function createScanKernel(memory: WasmMemory): ScanKernel {
  const assembler = createAssembler();
  const multiplyRows = defineMultiplyRows(assembler);
  defineMultiplyListedRows(assembler, multiplyRows);
  defineMultiplyByteRows(assembler, { name: 'multiplyByteRows', together: 1 });
  defineMultiplyByteRows(assembler, { name: 'multiplyByteRowsTogether', together: QUERIES_TOGETHER });
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

function defineMultiplyByteRows(assembler: Assembler, { name, together }: { name: string; together: number }): void {
  const parameters = {
    matrix: 'i32',
    rows: 'i32',
    width: 'i32',
    queries: 'i32',
    count: 'i32',
    shifts: 'i32',
    scales: 'i32',
    sums: 'i32',
    out: 'i32',
    outStep: 'i32',
  } as const;
  const range = (length: number) => Array.from({ length }, (_, i) => i);
  // One query alone needs two sums a row to keep the processor busy.
  const sumsEach = together === 1 ? STEPS : 1;
  assembler.define(name, parameters, (p, newLocal) => {
    const lastOut = newLocal('i32');
    const rowEnd = newLocal('i32');
    const outOfQuery = newLocal('i32');
    const queriesEnd = newLocal('i32');
    const pair = () => [newLocal('v128'), newLocal('v128')];
    const atRow = range(ROWS_TOGETHER).map(() => newLocal('i32'));
    const atQuery = range(together).map(() => newLocal('i32'));
    const lastQuery = atQuery.at(-1)!;
    const ofRow = pair();
    const ofQuery = range(together).map(pair);
    /** By query, row and number: two vectors of sums. */
    const sums = range(together).map(() => range(ROWS_TOGETHER).map(() => range(sumsEach).map(pair)));
    const allSums = sums.flat(3);
    const rowSums = range(ROWS_TOGETHER).map(() => newLocal('v128'));
    const [first, second, third, fourth] = rowSums as [Local, Local, Local, Local];
    const loadPair = (into: readonly Local[], at: Local, step: number) =>
      into.map((part, i) => set(part, v128.load(get(at), step * PAIR_BYTES + i * VECTOR_BYTES)));
    const compareStep = (step: number) => [
      ...atQuery.flatMap((at, query) => loadPair(ofQuery[query]!, at, step)),
      ...atRow.flatMap((at, row) => [
        ...loadPair(ofRow, at, step),
        ...ofQuery.flatMap((parts, query) =>
          sums[query]![row]![step % sumsEach]!.map((sum, i) =>
            set(sum, i32x4.addDotOfBytes(get(ofRow[i]!), get(parts[i]!), get(sum))),
          ),
        ),
      ]),
    ];
    /** Adds up what the sums of a row and query have in memory. */
    const sumOfRow = (query: number, row: number) => {
      const vectors = 2 * sumsEach;
      const start = (query * ROWS_TOGETHER + row) * vectors * VECTOR_BYTES;
      return range(vectors)
        .map((i) => v128.load(get(p.sums), start + i * VECTOR_BYTES))
        .reduce((left, right) => i32x4.add(left, right));
    };
    /** The lanes of two vectors, added up in halves: a0 + a2, b0 + b2, a1 + a3, b1 + b3. */
    const halve = (a: Local, b: Local) =>
      i32x4.add(i32x4.interleaveLow(get(a), get(b)), i32x4.interleaveHigh(get(a), get(b)));
    return block(
      set(lastOut, i32.add(get(p.out), i32.mul(get(p.rows), i32.const(FLOAT_BYTES)))),
      set(queriesEnd, i32.add(get(p.queries), i32.mul(get(p.count), get(p.width)))),
      // All queries for a few rows, so that these are read once from memory.
      repeatWhile(
        i32.lessThan(get(p.out), get(lastOut)),
        set(atQuery[0]!, get(p.queries)),
        set(outOfQuery, get(p.out)),
        repeatWhile(
          i32.lessThan(get(atQuery[0]!), get(queriesEnd)),
          ...atQuery.slice(1).map((at, i) => set(at, i32.add(get(atQuery[i]!), get(p.width)))),
          ...atRow.map((at, row) => set(at, row === 0 ? get(p.matrix) : i32.add(get(atRow[row - 1]!), get(p.width)))),
          set(rowEnd, i32.add(get(p.matrix), get(p.width))),
          ...allSums.map((sum) => set(sum, i32x4.splat(i32.const(0)))),
          repeatWhile(
            i32.lessThan(get(atRow[0]!), get(rowEnd)),
            ...range(STEPS).flatMap(compareStep),
            ...[...atRow, ...atQuery].map((at) => advance(at, BYTE_WIDTH_MULTIPLE)),
          ),
          // Stored beside each other so that V8 joins the pairs above.
          ...allSums.map((sum, i) => v128.store(get(p.sums), get(sum), i * VECTOR_BYTES)),
          ...range(together).flatMap((query) => [
            ...rowSums.map((sum, row) => set(sum, sumOfRow(query, row))),
            set(first, halve(first, second)),
            set(third, halve(third, fourth)),
            set(first, i32x4.add(i32x4.joinLow(get(first), get(third)), i32x4.joinHigh(get(first), get(third)))),
            v128.store(
              get(outOfQuery),
              f32x4.mul(v128.load(get(p.scales)), f32x4.fromInteger(i32x4.add(get(first), v128.load(get(p.shifts))))),
            ),
            advance(outOfQuery, get(p.outStep)),
          ]),
          // The last one has reached the next queries.
          set(atQuery[0]!, get(lastQuery)),
        ),
        advance(p.matrix, i32.mul(get(p.width), i32.const(ROWS_TOGETHER))),
        advance(p.shifts, ROWS_TOGETHER * Int32Array.BYTES_PER_ELEMENT),
        advance(p.scales, ROWS_TOGETHER * FLOAT_BYTES),
        advance(p.out, ROWS_TOGETHER * FLOAT_BYTES),
      ),
    );
  });
}
