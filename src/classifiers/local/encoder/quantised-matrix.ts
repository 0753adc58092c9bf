// A weight matrix in the form that the kernel multiplies by: 16-bit integers in panels of eight columns.

import { PANEL_COLUMNS } from './kernel-matmul.ts';
import { WEIGHT_NORM } from './kernel-rows.ts';

export type MatrixSize = { readonly depth: number; readonly columns: number };

/** Where the parts of a matrix lie in the kernel's memory, in bytes. */
export type QuantisedMatrix = MatrixSize & {
  /** depth × columns int16; the order is described in kernel-matmul.ts. */
  readonly panels: number;
  /** columns float32: what an integer of the column is worth. */
  readonly columnScales: number;
  /** columns float32. */
  readonly bias: number;
};

export type MatrixValues = MatrixSize & {
  /** Row-major: `columns` values for the first depth, then for the second, … */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** Scale and bias of the layer normalisation before the matrix, one each per depth, to be folded into it. */
  readonly normalisation?: { readonly scale: Float32Array; readonly bias: Float32Array };
  /** Multiplies the first `columns` of the result. */
  readonly factor?: { readonly columns: number; readonly value: number };
};

const LARGEST_INT16 = 32_767;

/**
 * Writes the matrix to its place. Each column is scaled to the length WEIGHT_NORM, or less where a value would pass
 * 16 bits; rounding then changes a product by about 2e-4 of its size.
 */
export function quantiseMatrix(buffer: ArrayBuffer, place: QuantisedMatrix, values: MatrixValues): void {
  const { depth, columns, weights, normalisation } = values;
  const panels = new Int16Array(buffer, place.panels, depth * columns);
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
    // A column of zeros stays one: any scale will do.
    const perUnit = largest[c] === 0 ? 1 : Math.min(WEIGHT_NORM / Math.sqrt(squares[c]!), LARGEST_INT16 / largest[c]!);
    const factor = values.factor && c < values.factor.columns ? values.factor.value : 1;
    integersPerUnit[c] = perUnit;
    columnScales[c] = factor / perUnit;
    bias[c] = factor * (values.bias[c]! + shift[c]!);
  }

  for (let d = 0; d < depth; d += 1) {
    const rowScale = normalisation?.scale[d] ?? 1;
    const row = d * columns;
    const inPanels = (d >> 1) * 2 * PANEL_COLUMNS + (d & 1);
    for (let first = 0; first < columns; first += PANEL_COLUMNS) {
      for (let offset = 0; offset < PANEL_COLUMNS; offset += 1) {
        const column = first + offset;
        const value = weights[row + column]! * rowScale * integersPerUnit[column]!;
        panels[first * depth + inPanels + 2 * offset] = Math.floor(value + 0.5);
      }
    }
  }
}
