// A weight matrix in one of the two layouts that the kernel can multiply with, both of 16-bit integers.

import { PANEL_COLUMNS } from './kernel-matmul.ts';
import { WEIGHT_NORM } from './kernel-rows.ts';
import { BLOCK_COLUMNS } from './kernel-sparse.ts';

export type MatrixSize = { readonly depth: number; readonly columns: number };

/** Positions of the parts of a matrix in the kernel's memory, in bytes. */
export type QuantisedMatrix = MatrixSize & {
  /** `panels` for dense activations (kernel-matmul.ts), `blocks` for mostly zero ones (kernel-sparse.ts). */
  readonly layout: 'panels' | 'blocks';
  /** depth × columns int16. */
  readonly integers: number;
  /** columns float32: the factor that turns an integer of the column into its float. */
  readonly columnScales: number;
  /** columns float32. */
  readonly bias: number;
};

export type MatrixValues = MatrixSize & {
  /** Row-major: `columns` values for the first depth, then for the second, … */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** Scale and bias of the layer normalisation before the matrix, one of each per depth; they become part of it. */
  readonly normalisation?: { readonly scale: Float32Array; readonly bias: Float32Array };
  /** A factor for the first `columns` of the result. */
  readonly factor?: { readonly columns: number; readonly value: number };
};

const LARGEST_INT16 = 32_767;

/**
 * Quantises a matrix and writes it to its position. Each column is scaled to the length WEIGHT_NORM, or less where a
 * value would not fit into 16 bits. Rounding then changes a product by about 2e-4 of its size.
 */
export function quantiseMatrix(buffer: ArrayBufferLike, place: QuantisedMatrix, values: MatrixValues): void {
  const { depth, columns, weights, normalisation } = values;
  const integers = new Int16Array(buffer, place.integers, depth * columns);
  const columnScales = new Float32Array(buffer, place.columnScales, columns);
  const bias = new Float32Array(buffer, place.bias, columns);

  const squares = new Float64Array(columns);
  const largest = new Float64Array(columns);
  const shift = new Float64Array(columns);
  for (let d = 0; d < depth; d += 1) {
    const rowScale = normalisation?.scale[d] ?? 1;
    const rowShift = normalisation?.bias[d] ?? 0;
    for (let c = 0; c < columns; c += 1) {
      const weight = weights[d * columns + c]!;
      const scaled = weight * rowScale;
      squares[c]! += scaled * scaled;
      if (Math.abs(scaled) > largest[c]!) largest[c] = Math.abs(scaled);
      shift[c]! += weight * rowShift;
    }
  }

  const integersPerUnit = new Float64Array(columns);
  for (let c = 0; c < columns; c += 1) {
    // A column of zeros stays zero with any scale.
    const perUnit = largest[c] === 0 ? 1 : Math.min(WEIGHT_NORM / Math.sqrt(squares[c]!), LARGEST_INT16 / largest[c]!);
    const factor = values.factor && c < values.factor.columns ? values.factor.value : 1;
    integersPerUnit[c] = perUnit;
    columnScales[c] = factor / perUnit;
    bias[c] = factor * (values.bias[c]! + shift[c]!);
  }

  const groupColumns = place.layout === 'panels' ? PANEL_COLUMNS : BLOCK_COLUMNS;
  const columnStep = place.layout === 'panels' ? 2 : 1;
  for (let d = 0; d < depth; d += 1) {
    const rowScale = normalisation?.scale[d] ?? 1;
    const row = d * columns;
    const inGroup = place.layout === 'panels' ? (d >> 1) * 2 * PANEL_COLUMNS + (d & 1) : d * BLOCK_COLUMNS;
    for (let first = 0; first < columns; first += groupColumns) {
      for (let offset = 0; offset < groupColumns; offset += 1) {
        const column = first + offset;
        const value = weights[row + column]! * rowScale * integersPerUnit[column]!;
        integers[first * depth + inGroup + columnStep * offset] = Math.floor(value + 0.5);
      }
    }
  }
}
