// The kernel's work on single rows of floats: layer normalisation, quantisation, softmax. Widths are multiples of 4.

import {
  type Assembler,
  advance,
  block,
  type Code,
  type FunctionHandle,
  f32,
  f32x4,
  get,
  i16x8,
  i32,
  i32x4,
  type Local,
  maxOfLanes,
  repeatWhile,
  set,
  sumOfLanes,
  v128,
  when,
} from './wasm-assembler.ts';

/**
 * Length (L2) of a quantised row of activations; a column of weights has WEIGHT_NORM. By Cauchy–Schwarz a sum of
 * products is at most ACTIVATION_NORM × WEIGHT_NORM, about 2^31 minus 5 %, which leaves room for rounding: 32 bits
 * never overflow. A value is at most as large as the length of its row, so activations fit into 16 bits.
 */
export const ACTIVATION_NORM = 32_000;
export const WEIGHT_NORM = 64_000;

// The first is the model's epsilon; the second prevents division by zero for a row of zeros.
const LAYER_NORM_EPSILON = 1e-6;
const SMALLEST_NORM = 1e-20;

const VECTOR_BYTES = 16;

/**
 * `normaliseRows`: (x − mean) ÷ deviation, quantised. The model's own scale and bias are part of the weights that
 * follow. A normalised row has the length √width, so the scale is the same for all rows.
 */
export function defineNormaliseRows(assembler: Assembler): void {
  assembler.define(
    'normaliseRows',
    { values: 'i32', rows: 'i32', width: 'i32', out: 'i32', scales: 'i32' },
    (p, newLocal) => {
      const end = newLocal('i32');
      const at = newLocal('i32');
      const sum = newLocal('v128');
      const mean = newLocal('v128');
      const difference = newLocal('v128');
      const perUnit = newLocal('f32');
      const factor = newLocal('v128');
      const width = f32.fromInteger(get(p.width));
      const overRow = (...body: Code[]) =>
        block(
          set(at, get(p.values)),
          set(sum, zeros()),
          repeatWhile(i32.lessThan(get(at), get(end)), ...body, advance(at, VECTOR_BYTES)),
        );
      const subtractMean = set(difference, f32x4.sub(v128.load(get(at)), get(mean)));
      return block(
        set(perUnit, f32.div(f32.const(ACTIVATION_NORM), f32.sqrt(width))),
        forRows(p.rows, [
          set(end, i32.add(get(p.values), i32.mul(get(p.width), i32.const(4)))),
          overRow(set(sum, f32x4.add(get(sum), v128.load(get(at))))),
          set(mean, f32x4.splat(f32.div(sumOfLanes(sum), width))),
          overRow(subtractMean, set(sum, f32x4.add(get(sum), f32x4.mul(get(difference), get(difference))))),
          set(
            factor,
            f32x4.splat(
              f32.div(get(perUnit), f32.sqrt(f32.add(f32.div(sumOfLanes(sum), width), f32.const(LAYER_NORM_EPSILON)))),
            ),
          ),
          quantiseRow({ from: p.values, end, out: p.out, value: (vector) => f32x4.sub(vector, get(mean)), factor }),
          f32.store(get(p.scales), f32.div(f32.const(1), get(perUnit))),
          advance(p.scales, 4),
        ]),
      );
    },
  );
}

/** `quantiseRows`: each row as 16-bit integers of length ACTIVATION_NORM, with the scale that restores the floats. */
export function defineQuantiseRows(assembler: Assembler): void {
  assembler.define(
    'quantiseRows',
    { values: 'i32', rows: 'i32', width: 'i32', out: 'i32', scales: 'i32' },
    (p, newLocal) => {
      const end = newLocal('i32');
      const at = newLocal('i32');
      const value = newLocal('v128');
      const sum = newLocal('v128');
      const norm = newLocal('f32');
      const factor = newLocal('v128');
      return forRows(p.rows, [
        set(end, i32.add(get(p.values), i32.mul(get(p.width), i32.const(4)))),
        set(at, get(p.values)),
        set(sum, zeros()),
        repeatWhile(
          i32.lessThan(get(at), get(end)),
          set(value, v128.load(get(at))),
          set(sum, f32x4.add(get(sum), f32x4.mul(get(value), get(value)))),
          advance(at, VECTOR_BYTES),
        ),
        set(norm, f32.max(f32.sqrt(sumOfLanes(sum)), f32.const(SMALLEST_NORM))),
        set(factor, f32x4.splat(f32.div(f32.const(ACTIVATION_NORM), get(norm)))),
        quantiseRow({ from: p.values, end, out: p.out, value: (vector) => vector, factor }),
        f32.store(get(p.scales), f32.div(get(norm), f32.const(ACTIVATION_NORM))),
        advance(p.scales, 4),
      ]);
    },
  );
}

/** Writes a row as 16-bit integers and moves `from` and `out` to the next row. */
function quantiseRow(row: {
  readonly from: Local;
  readonly end: Local;
  readonly out: Local;
  readonly value: (vector: Code) => Code;
  readonly factor: Local;
}): Code {
  const integers = (offset: number) =>
    i32x4.fromFloat(f32x4.nearest(f32x4.mul(row.value(v128.load(get(row.from), offset)), get(row.factor))));
  return repeatWhile(
    i32.lessThan(get(row.from), get(row.end)),
    v128.store(get(row.out), i16x8.narrow(integers(0), integers(VECTOR_BYTES))),
    advance(row.from, 2 * VECTOR_BYTES),
    advance(row.out, VECTOR_BYTES),
  );
}

/**
 * `softmaxRows`: turns rows of `padded` values, of which the first `count` are scores, into probabilities in place.
 * The rest of a row is overwritten and need not be initialised.
 */
export function defineSoftmaxRows(assembler: Assembler): FunctionHandle {
  return assembler.define('softmaxRows', { values: 'i32', rows: 'i32', count: 'i32', padded: 'i32' }, (p, newLocal) => {
    const end = newLocal('i32');
    const at = newLocal('i32');
    const largest = newLocal('v128');
    const sum = newLocal('v128');
    const power = newLocal('v128');
    const whole = newLocal('v128');
    const overRow = (...body: Code[]) =>
      block(set(at, get(p.values)), repeatWhile(i32.lessThan(get(at), get(end)), ...body, advance(at, VECTOR_BYTES)));
    return forRows(p.rows, [
      set(end, i32.add(get(p.values), i32.mul(get(p.padded), i32.const(4)))),
      // Padding gets a score lower than any key has, so that its probability is zero.
      set(at, i32.add(get(p.values), i32.mul(get(p.count), i32.const(4)))),
      when(
        i32.lessThan(get(at), get(end)),
        repeatWhile(i32.lessThan(get(at), get(end)), f32.store(get(at), f32.const(LOWEST_SCORE)), advance(at, 4)),
      ),
      set(largest, v128.load(get(p.values))),
      overRow(set(largest, f32x4.max(get(largest), v128.load(get(at))))),
      set(largest, f32x4.splat(maxOfLanes(largest))),
      set(sum, zeros()),
      overRow(
        set(power, f32x4.sub(v128.load(get(at)), get(largest))),
        exponential(power, whole),
        set(sum, f32x4.add(get(sum), get(power))),
        v128.store(get(at), get(power)),
      ),
      set(sum, f32x4.splat(f32.div(f32.const(1), sumOfLanes(sum)))),
      overRow(v128.store(get(at), f32x4.mul(v128.load(get(at)), get(sum)))),
      set(p.values, get(end)),
    ]);
  });
}

const LOWEST_SCORE = -1e9;
// 2^-126 is the smallest normal float; smaller values are set to it.
const LOWEST_EXPONENT = -126;
/** Taylor series of 2^x: error below 2.5e-6 of the value for |x| ≤ ½. Highest power first. */
const POWER_OF_TWO_SERIES = [5, 4, 3, 2, 1, 0].map((k) => Math.LN2 ** k / factorial(k));

/** e^x of the four values in a local: 2^(whole part) by the bits of the exponent, times the series of the rest. */
function exponential(power: Local, whole: Local): Code {
  const [highest, ...lower] = POWER_OF_TWO_SERIES;
  const series = lower.reduce(
    (sum: Code, coefficient) => f32x4.add(f32x4.mul(sum, get(power)), constant(coefficient)),
    constant(highest!),
  );
  const exponentBits = i32x4.shiftLeft(
    i32x4.add(i32x4.fromFloat(get(whole)), i32x4.splat(i32.const(127))),
    i32.const(23),
  );
  return block(
    set(power, f32x4.max(f32x4.mul(get(power), constant(Math.LOG2E)), constant(LOWEST_EXPONENT))),
    set(whole, f32x4.nearest(get(power))),
    set(power, f32x4.sub(get(power), get(whole))),
    set(power, f32x4.mul(series, exponentBits)),
  );
}

/** Runs the statements for each row; counts `rows` down. */
function forRows(rows: Local, statements: readonly Code[]): Code {
  return repeatWhile(i32.lessThan(i32.const(0), get(rows)), ...statements, advance(rows, -1));
}

const constant = (value: number): Code => f32x4.splat(f32.const(value));
const zeros = (): Code => constant(0);

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
