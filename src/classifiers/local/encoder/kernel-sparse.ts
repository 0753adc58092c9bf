// The second half of the feed-forward. After a ReLU, 93 of 100 activations are exactly zero there
// (docs/decisions/encoder-runtime.md). Only the others are multiplied, which is a tenth of the work.
//
//   activations  per row: the number of non-zero values (made even by adding one zero), these values as int16, and
//                their byte offsets in a block of weights as int32. Values and offsets of a row begin `width` entries
//                after those of the previous row.
//   weights      blocks of 32 columns; in a block, for each depth, 32 int16, which are one cache line.
//                A block is at most 96 KiB: it stays in the second-level cache while all rows are multiplied with it.
//
// Activations are multiplied in pairs with one instruction, for which the weights of the two are interleaved.

import {
  type Assembler,
  advance,
  block,
  type Code,
  call,
  type FunctionHandle,
  f32,
  f32x4,
  fetchLine,
  get,
  i16x8,
  i32,
  i32x4,
  repeatWhile,
  set,
  v128,
  when,
} from './wasm-assembler.ts';

export const BLOCK_COLUMNS = 32;

// With fewer rows, most of a block is not read at all.
const FEWEST_ROWS_TO_FETCH = 8;

const VECTOR_BYTES = 16;
const LINE_BYTES = BLOCK_COLUMNS * 2;

/**
 * `listActive`: moves the non-zero values of each row to its front and writes their offsets and their number. It has no
 * branches, because a processor cannot predict which values are zero.
 */
export function defineListActive(assembler: Assembler): void {
  assembler.define(
    'listActive',
    { values: 'i32', rows: 'i32', width: 'i32', offsets: 'i32', counts: 'i32' },
    (p, newLocal) => {
      const from = newLocal('i32');
      const end = newLocal('i32');
      const value = newLocal('i32');
      const offset = newLocal('i32');
      const toValue = newLocal('i32');
      const toOffset = newLocal('i32');
      const kept = newLocal('i32');
      return repeatWhile(
        i32.lessThan(i32.const(0), get(p.rows)),
        set(from, get(p.values)),
        set(end, i32.add(get(p.values), i32.mul(get(p.width), i32.const(2)))),
        set(toValue, get(p.values)),
        set(toOffset, get(p.offsets)),
        set(offset, i32.const(0)),
        repeatWhile(
          i32.lessThan(get(from), get(end)),
          set(value, i32.load16(get(from))),
          i32.store16(get(toValue), get(value)),
          i32.store(get(toOffset), get(offset)),
          set(kept, i32.notEqual(get(value), i32.const(0))),
          advance(toValue, i32.mul(get(kept), i32.const(2))),
          advance(toOffset, i32.mul(get(kept), i32.const(4))),
          advance(from, 2),
          advance(offset, LINE_BYTES),
        ),
        set(kept, i32.div(i32.sub(get(toValue), get(p.values)), i32.const(2))),
        when(
          i32.and(get(kept), i32.const(1)),
          i32.store16(get(toValue), i32.const(0)),
          i32.store(get(toOffset), i32.const(0)),
          advance(kept, 1),
        ),
        i32.store(get(p.counts), get(kept)),
        advance(p.counts, 4),
        set(p.values, get(end)),
        advance(p.offsets, i32.mul(get(p.width), i32.const(4))),
        advance(p.rows, -1),
      );
    },
  );
}

/** `addSparseMatmul`: adds activations · weights + bias to `out`. */
export function defineAddSparseMatmul(assembler: Assembler): void {
  const addRow = defineAddSparseRow(assembler);
  const fetchBlock = defineFetchBlock(assembler);

  assembler.define(
    'addSparseMatmul',
    {
      values: 'i32',
      offsets: 'i32',
      counts: 'i32',
      valueScales: 'i32',
      rows: 'i32',
      depth: 'i32',
      blocks: 'i32',
      columnScales: 'i32',
      bias: 'i32',
      columns: 'i32',
      out: 'i32',
    },
    (p, newLocal) => {
      const outStride = newLocal('i32');
      const lastColumn = newLocal('i32');
      const row = newLocal('i32');
      const at = (start: Code, stride: Code) => i32.add(start, i32.mul(get(row), stride));
      return block(
        set(outStride, i32.mul(get(p.columns), i32.const(4))),
        set(lastColumn, i32.add(get(p.columnScales), get(outStride))),
        repeatWhile(
          i32.lessThan(get(p.columnScales), get(lastColumn)),
          when(
            i32.lessThan(i32.const(FEWEST_ROWS_TO_FETCH - 1), get(p.rows)),
            call(fetchBlock, get(p.blocks), i32.mul(get(p.depth), i32.const(LINE_BYTES))),
          ),
          set(row, i32.const(0)),
          repeatWhile(
            i32.lessThan(get(row), get(p.rows)),
            call(
              addRow,
              at(get(p.values), i32.mul(get(p.depth), i32.const(2))),
              at(get(p.offsets), i32.mul(get(p.depth), i32.const(4))),
              i32.load(at(get(p.counts), i32.const(4))),
              f32.load(at(get(p.valueScales), i32.const(4))),
              ...[get(p.blocks), get(p.columnScales), get(p.bias)],
              at(get(p.out), get(outStride)),
            ),
            advance(row, 1),
          ),
          advance(p.blocks, i32.mul(get(p.depth), i32.const(LINE_BYTES))),
          advance(p.columnScales, BLOCK_COLUMNS * 4),
          advance(p.bias, BLOCK_COLUMNS * 4),
          advance(p.out, BLOCK_COLUMNS * 4),
        ),
      );
    },
  );
}

/**
 * `fetchBlock`: reads a block from beginning to end, which the processor recognises and prefetches. The rows use only
 * scattered lines of it; without this step the processor would have to wait for each of them.
 */
function defineFetchBlock(assembler: Assembler): FunctionHandle {
  return assembler.define('fetchBlock', { start: 'i32', bytes: 'i32' }, (p, newLocal) => {
    const end = newLocal('i32');
    return block(
      set(end, i32.add(get(p.start), get(p.bytes))),
      repeatWhile(
        i32.lessThan(get(p.start), get(end)),
        ...[0, 1, 2, 3].map((line) => fetchLine(get(p.start), line * LINE_BYTES)),
        advance(p.start, 4 * LINE_BYTES),
      ),
    );
  });
}

/** Multiplies one row with one block; the 32 sums stay in eight registers over all activations. */
function defineAddSparseRow(assembler: Assembler): FunctionHandle {
  return assembler.define(
    'addSparseRow',
    {
      values: 'i32',
      offsets: 'i32',
      count: 'i32',
      scale: 'f32',
      block: 'i32',
      columnScales: 'i32',
      bias: 'i32',
      out: 'i32',
    },
    (p, newLocal) => {
      // Each has eight columns: the sums of the first four and of the last four.
      const quarters = [0, 1, 2, 3].map((index) => ({
        offset: index * VECTOR_BYTES,
        low: newLocal('v128'),
        high: newLocal('v128'),
      }));
      const pair = newLocal('v128');
      const first = newLocal('v128');
      const second = newLocal('v128');
      const firstLine = newLocal('i32');
      const secondLine = newLocal('i32');
      const scale = newLocal('v128');
      const end = newLocal('i32');
      const addTo = (sum: Parameters<typeof get>[0], weights: Code) =>
        set(sum, i32x4.add(get(sum), i32x4.dot(weights, get(pair))));
      const storeSum = (sum: Parameters<typeof get>[0], offset: number) =>
        v128.store(
          get(p.out),
          f32x4.add(
            f32x4.add(v128.load(get(p.out), offset), v128.load(get(p.bias), offset)),
            f32x4.mul(f32x4.mul(get(scale), v128.load(get(p.columnScales), offset)), f32x4.fromInteger(get(sum))),
          ),
          offset,
        );
      return block(
        set(end, i32.add(get(p.values), i32.mul(get(p.count), i32.const(2)))),
        when(
          i32.lessThan(get(p.values), get(end)),
          repeatWhile(
            i32.lessThan(get(p.values), get(end)),
            set(pair, v128.load32Splat(get(p.values))),
            set(firstLine, i32.add(get(p.block), i32.load(get(p.offsets)))),
            set(secondLine, i32.add(get(p.block), i32.load(get(p.offsets), 4))),
            ...quarters.map(({ offset, low, high }) =>
              block(
                set(first, v128.load(get(firstLine), offset)),
                set(second, v128.load(get(secondLine), offset)),
                addTo(low, i16x8.interleaveLow(get(first), get(second))),
                addTo(high, i16x8.interleaveHigh(get(first), get(second))),
              ),
            ),
            advance(p.values, 4),
            advance(p.offsets, 8),
          ),
        ),
        set(scale, f32x4.splat(get(p.scale))),
        ...quarters.flatMap(({ offset, low, high }) => [
          storeSum(low, 2 * offset),
          storeSum(high, 2 * offset + VECTOR_BYTES),
        ]),
      );
    },
  );
}
