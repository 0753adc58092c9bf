import { describe, expect, test } from 'vitest';
import { createKernel, createMemory } from './kernel.ts';
import { HEADS } from './kernel-attention.ts';
import { OUTPUT } from './kernel-matmul.ts';
import { ACTIVATION_NORM, WEIGHT_NORM } from './kernel-rows.ts';
import { quantiseMatrix } from './quantised-matrix.ts';

/** Reproducible values between −1 and 1. */
function randomValues(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x3fffffff - 1;
  });
}

/** A kernel with its own memory, and functions that allocate parts of it. */
function createBench() {
  const memory = createMemory(4_000_000);
  let free = 0;
  const take = (bytes: number) => {
    const start = free;
    free += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const place = (values: Float32Array) => {
    const start = take(values.byteLength);
    new Float32Array(memory.buffer, start, values.length).set(values);
    return start;
  };
  const floats = (start: number, count: number) => new Float32Array(memory.buffer, start, count);
  const integers = (start: number, count: number) => new Int16Array(memory.buffer, start, count);
  return { kernel: createKernel(memory), memory, take, place, floats, integers };
}

/** Multiplies floats with the kernel; the output has the value `before` everywhere at the beginning. */
function multiply(options: {
  readonly values: Float32Array;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly rows: number;
  readonly depth: number;
  readonly output: number;
  readonly before: number;
}): Float32Array {
  const { values, weights, bias, rows, depth, output, before } = options;
  const columns = bias.length;
  const bench = createBench();
  const matrix = {
    depth,
    columns,
    layout: 'panels' as const,
    integers: bench.take(depth * columns * 2),
    columnScales: bench.take(columns * 4),
    bias: bench.take(columns * 4),
  };
  quantiseMatrix(bench.memory.buffer, matrix, { depth, columns, weights, bias });
  const integers = bench.take(rows * depth * 2);
  const scales = bench.take(rows * 4);
  const out = bench.place(new Float32Array((rows + 1) * columns).fill(before));
  bench.kernel.quantiseRows(bench.place(values), rows, depth, integers, scales);
  bench.kernel.matmul(
    ...[integers, scales, rows, depth, matrix.integers, matrix.columnScales, matrix.bias, columns, out, output],
  );
  return bench.floats(out, (rows + 1) * columns);
}

function plainProduct(values: Float32Array, weights: Float32Array, bias: Float32Array, depth: number): number[] {
  const columns = bias.length;
  return Array.from({ length: (values.length / depth) * columns }, (_, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    let sum = bias[column]!;
    for (let d = 0; d < depth; d += 1) sum += values[row * depth + d]! * weights[d * columns + column]!;
    return sum;
  });
}

/** Expects equality within 1e-3, which is much less than the effect of a mistake in layout or arithmetic. */
function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(Math.abs(actual[index]! - value)).toBeLessThan(1e-3);
}

describe('matmul', () => {
  test.each([1, 2, 3, 4, 5, 6, 9, 10, 13])('multiplies %i rows and writes no further', (rows) => {
    const depth = 48;
    const values = randomValues(rows * depth, rows);
    const weights = randomValues(depth * 32, 7);
    const bias = randomValues(32, 3);
    const product = multiply({ values, weights, bias, rows, depth, output: OUTPUT.store, before: 99 });
    const expected = plainProduct(values, weights, bias, depth);
    expectClose(product.subarray(0, rows * 32), expected);
    expect([...product.subarray(rows * 32)]).toEqual(Array(32).fill(99));
  });

  test('stores the positive part, or adds to the output', () => {
    const options = {
      values: randomValues(2 * 16),
      weights: randomValues(16 * 16, 7),
      bias: randomValues(16, 3),
      rows: 2,
      depth: 16,
      before: 1,
    };
    const product = multiply({ ...options, output: OUTPUT.store }).subarray(0, 32);
    const positive = multiply({ ...options, output: OUTPUT.relu }).subarray(0, 32);
    const added = multiply({ ...options, output: OUTPUT.add }).subarray(0, 32);
    expect(product.some((value) => value < 0)).toBe(true);
    expect([...positive]).toEqual([...product].map((value) => Math.max(0, value)));
    expect([...added]).toEqual([...product].map((value) => Math.fround(value + 1)));
  });

  test('gives the same bits before and after V8 has optimised it', () => {
    const [rows, depth, columns] = [7, 64, 48];
    const bench = createBench();
    const matrix = {
      ...{ depth, columns, layout: 'panels' as const },
      integers: bench.take(depth * columns * 2),
      columnScales: bench.take(columns * 4),
      bias: bench.take(columns * 4),
    };
    const [weights, bias] = [randomValues(depth * columns, 2), randomValues(columns, 3)];
    quantiseMatrix(bench.memory.buffer, matrix, { depth, columns, weights, bias });
    const [integers, scales] = [bench.take(rows * depth * 2), bench.take(rows * 4)];
    bench.kernel.quantiseRows(bench.place(randomValues(rows * depth, 4)), rows, depth, integers, scales);
    const out = bench.take(rows * columns * 4);
    const multiplyAgain = () => {
      const { integers: panels, columnScales } = matrix;
      bench.kernel.matmul(
        ...[integers, scales, rows, depth, panels, columnScales, matrix.bias, columns, out, OUTPUT.relu],
      );
      return [...bench.floats(out, rows * columns)];
    };
    const first = multiplyAgain();
    for (let run = 0; run < 2_000; run += 1) multiplyAgain();
    expect(multiplyAgain()).toEqual(first);
  });

  test('does not overflow where rows and columns are parallel', () => {
    const depth = 1536;
    const direction = randomValues(depth, 5);
    const weights = Float32Array.from(
      { length: depth * 16 },
      (_, index) => direction[index >> 4]! * (index % 2 ? 1 : -1),
    );
    const bias = new Float32Array(16);
    const product = multiply({ values: direction, weights, bias, rows: 1, depth, output: OUTPUT.store, before: 0 });
    const expected = plainProduct(direction, weights, bias, depth);
    expectClose(
      product.subarray(0, 16).map((value, index) => value / expected[index]!),
      Array(16).fill(1),
    );
  });

  test('has room for rounding below 2^31 at the largest depth', () => {
    const rounding = Math.sqrt(1536) / 2;
    expect((ACTIVATION_NORM + rounding) * (WEIGHT_NORM + rounding)).toBeLessThan(2 ** 31);
    expect(ACTIVATION_NORM + rounding).toBeLessThan(2 ** 15);
  });

  test('includes the layer normalisation before it and a factor for the first columns', () => {
    const depth = 16;
    const columns = 16;
    const bench = createBench();
    const matrix = {
      depth,
      columns,
      layout: 'panels' as const,
      integers: bench.take(512),
      columnScales: bench.take(64),
      bias: bench.take(64),
    };
    const weights = randomValues(depth * columns, 2);
    const bias = randomValues(columns, 3);
    const scale = randomValues(depth, 4);
    const shift = randomValues(depth, 5);
    quantiseMatrix(bench.memory.buffer, matrix, {
      ...{ depth, columns, weights, bias },
      normalisation: { scale, bias: shift },
      factor: { columns: 3, value: 0.125 },
    });
    const values = randomValues(depth, 6);
    const scales = bench.take(4);
    const integers = bench.take(depth * 2);
    const out = bench.take(columns * 4);
    bench.kernel.quantiseRows(bench.place(values), 1, depth, integers, scales);
    bench.kernel.matmul(
      ...[integers, scales, 1, depth, matrix.integers, matrix.columnScales, matrix.bias, columns, out, OUTPUT.store],
    );
    const normalised = values.map((value, d) => value * scale[d]! + shift[d]!);
    plainProduct(normalised, weights, bias, depth).forEach((value, column) => {
      expect(bench.floats(out, columns)[column]).toBeCloseTo(value * (column < 3 ? 0.125 : 1), 2);
    });
  });
});

describe('addSparseMatmul', () => {
  test.each([
    ['a few values', 9],
    ['most values', 2],
    ['all values', 1],
    ['no values', 1000],
  ])('adds the product of rows in which %s are not zero', (_, every) => {
    const [rows, depth, columns] = [9, 64, 64];
    const bench = createBench();
    const matrix = {
      ...{ depth, columns, layout: 'blocks' as const },
      integers: bench.take(depth * columns * 2),
      columnScales: bench.take(columns * 4),
      bias: bench.take(columns * 4),
    };
    const weights = randomValues(depth * columns, 2);
    const bias = randomValues(columns, 3);
    quantiseMatrix(bench.memory.buffer, matrix, { depth, columns, weights, bias });
    // The last value of each row is not zero, and the rows have different numbers of such values.
    const values = randomValues(rows * depth, 4).map((value, index) => {
      const [row, place] = [Math.floor(index / depth), (index % depth) + 1];
      return place % every === 0 && place > row * 5 ? value : 0;
    });
    const [integers, scales] = [bench.take(rows * depth * 2), bench.take(rows * 4)];
    const [offsets, counts] = [bench.take(rows * depth * 4), bench.take(rows * 4)];
    const out = bench.place(new Float32Array((rows + 1) * columns).fill(2));
    bench.kernel.quantiseRows(bench.place(values), rows, depth, integers, scales);
    bench.kernel.listActive(integers, rows, depth, offsets, counts);
    bench.kernel.addSparseMatmul(
      ...[integers, offsets, counts, scales, rows, depth],
      ...[matrix.integers, matrix.columnScales, matrix.bias, columns, out],
    );

    const kept = Array.from({ length: rows }, (_, row) => {
      const active = values.subarray(row * depth, row * depth + depth).filter((value) => value !== 0).length;
      return active + (active % 2);
    });
    expect([...new Int32Array(bench.memory.buffer, counts, rows)]).toEqual(kept);
    const expected = plainProduct(values, weights, bias, depth).map((value) => value + 2);
    expectClose(bench.floats(out, (rows + 1) * columns), [...expected, ...Array(columns).fill(2)]);
  });
});

describe('rows', () => {
  test('quantised rows can be turned back into the floats, and a row of zeros stays zero', () => {
    const bench = createBench();
    const values = new Float32Array(3 * 32);
    values.set(randomValues(32, 8), 0);
    values.set(
      randomValues(32, 9).map((value) => value * 1e-6),
      64,
    );
    const out = bench.take(3 * 32 * 2);
    const scales = bench.take(12);
    bench.kernel.quantiseRows(bench.place(values), 3, 32, out, scales);
    for (const row of [0, 1, 2]) {
      const scale = bench.floats(scales, 3)[row]!;
      const integers = bench.integers(out, 96).subarray(row * 32, row * 32 + 32);
      integers.forEach((integer, index) => {
        expect(Math.abs(integer * scale - values[row * 32 + index]!)).toBeLessThanOrEqual(0.51 * scale);
      });
    }
    expect([...bench.integers(out, 96).subarray(32, 64)]).toEqual(Array(32).fill(0));
  });

  test('a single large value among zeros still fits 16 bits', () => {
    const bench = createBench();
    const values = new Float32Array(32);
    values[5] = -1e6;
    const out = bench.take(64);
    bench.kernel.quantiseRows(bench.place(values), 1, 32, out, bench.take(4));
    expect(bench.integers(out, 32)[5]).toBe(-ACTIVATION_NORM);
  });

  test('normalised rows have mean 0 and deviation 1', () => {
    const bench = createBench();
    const values = randomValues(2 * 64, 11).map((value, index) => value * 3 + (index < 64 ? 10 : -4));
    const out = bench.take(2 * 64 * 2);
    const scales = bench.take(8);
    bench.kernel.normaliseRows(bench.place(values), 2, 64, out, scales);
    for (const row of [0, 1]) {
      const given = values.subarray(row * 64, row * 64 + 64);
      const mean = given.reduce((sum, value) => sum + value, 0) / 64;
      const deviation = Math.sqrt(given.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 64 + 1e-6);
      const scale = bench.floats(scales, 2)[row]!;
      const integers = bench.integers(out, 128).subarray(row * 64, row * 64 + 64);
      expectClose(
        Float32Array.from(integers, (integer) => integer * scale),
        [...given.map((value) => (value - mean) / deviation)],
      );
    }
  });
});

describe('attention', () => {
  test.each([1, 2, 7, 8, 9, 20])('computes the same for %i tokens as plain arithmetic', (tokens) => {
    const headWidth = 16;
    const width = HEADS * headWidth;
    const padded = Math.ceil(tokens / 8) * 8;
    const bench = createBench();
    // Scores up to ±200, so that the whole range of the exponential is used.
    const values = randomValues(tokens * 3 * width, 12).map((value) => value * 6);
    const out = bench.take(tokens * width * 4);
    const keys = bench.place(new Float32Array(headWidth * padded).fill(Number.NaN));
    const scores = bench.place(new Float32Array(tokens * padded).fill(Number.NaN));
    bench.kernel.attention(bench.place(values), tokens, padded, headWidth, out, keys, scores);

    const result = bench.floats(out, tokens * width);
    for (let token = 0; token < tokens; token += 1) {
      for (let head = 0; head < HEADS; head += 1) {
        const part = (row: number, index: number) =>
          values.subarray(row * 3 * width + index * width + head * headWidth).subarray(0, headWidth);
        const query = part(token, 0);
        const products = Array.from({ length: tokens }, (_, other) =>
          part(other, 1).reduce((sum, key, index) => sum + key * query[index]!, 0),
        );
        const powers = products.map((product) => Math.exp(product - Math.max(...products)));
        const total = powers.reduce((sum, power) => sum + power, 0);
        for (let index = 0; index < headWidth; index += 1) {
          const expected = powers.reduce((sum, power, other) => sum + (power / total) * part(other, 2)[index]!, 0);
          expect(result[token * width + head * headWidth + index]).toBeCloseTo(expected, 3);
        }
      }
    }
  });
});
