/** Adding and subtracting it rounds a number of 64 bits, below 2 to the power of 51, to a whole one. */
const ROUNDING = 1.5 * 2 ** 52;

export type Rounded = {
  readonly scale: number;
  readonly norm: number;
  readonly residual: number;
};

/**
 * Rounds a vector to whole numbers from -`max` to `max`; times `scale` they differ from it by a vector of length `residual`.
 * `middle` is added to what is written.
 */
export function roundTo(
  vector: Float32Array,
  { max, middle, into }: { max: number; middle: number; into: Int8Array },
): Rounded {
  const scale = Math.fround(largestOf(vector) / max);
  const factor = scale === 0 ? 0 : 1 / scale;
  let squares = 0;
  let residuals = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]!;
    // The quotient of the largest number may be slightly more than `max`, which the rounding takes away, unless the scale is so
    // small that it has few bits.
    const whole = Math.max(-max, Math.min(max, value * factor + ROUNDING - ROUNDING));
    into[i] = whole + middle;
    squares += value * value;
    const rest = value - whole * scale;
    residuals += rest * rest;
  }
  return { scale, norm: Math.sqrt(squares), residual: Math.sqrt(residuals) };
}

/** NaN where the vector has one. */
function largestOf(vector: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]!));
  return largest;
}
