// The forward pass of the encoder: two pre-normalised transformer layers, mean over the tokens, a tanh layer, length 1.
// The order of the steps is in this file, the arithmetic in the kernel. A pass may have several texts: their tokens
// follow one another, and attention and mean are computed for each text, so that its vector does not depend on the
// others.

import { createKernel, createMemory } from './kernel.ts';
import { HEADS } from './kernel-attention.ts';
import { FLOAT_COLUMNS, OUTPUT } from './kernel-matmul.ts';
import type { QuantisedMatrix } from './quantised-matrix.ts';
import {
  type Allocate,
  align,
  EMBEDDING_WIDTH,
  type EncoderModel,
  FEED_FORWARD_WIDTH,
  HIDDEN_WIDTH,
  type Layer,
  MAX_TOKENS,
  placeWeights,
} from './weights.ts';

export type ForwardPass = {
  /**
   * Returns one vector of length 1 for each text. A text is a list of at least one token id; all texts together may
   * have up to MAX_TOKENS. Throws `RangeError` otherwise.
   */
  run(texts: readonly (readonly number[])[]): Float32Array[];
  /**
   * Like `run`, and returns for each text also the sum of its tokens after the last layer, each multiplied by
   * `tokenWeights[id]`. This sum is not scaled to length 1.
   */
  runWithContent(texts: readonly (readonly number[])[], tokenWeights: Float32Array): TextVectors[];
  /** Share of non-zero activations in the last feed-forward of the last run, which the sparse product multiplies. */
  activeShare(): number;
};

export type TextVectors = { readonly sentence: Float32Array; readonly content: Float32Array };

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const INT16_BYTES = Int16Array.BYTES_PER_ELEMENT;
// The model's lower limit against division by zero when it normalises the final vector.
const SMALLEST_SQUARED_NORM = 1e-12;

export function createForwardPass(model: EncoderModel): ForwardPass {
  const weights = placeWeights(model);
  let memoryBytes = weights.matrixBytes;
  const allocate: Allocate = (bytes) => {
    const start = memoryBytes;
    memoryBytes += align(bytes);
    return start;
  };
  const at = planBuffers(allocate);
  const memory = createMemory(memoryBytes);
  const kernel = createKernel(memory);
  new Uint8Array(memory.buffer).set(new Uint8Array(model.weights, 0, weights.matrixBytes));
  const floats = (start: number, length: number) => new Float32Array(memory.buffer, start, length);
  const input = floats(at.input, MAX_TOKENS * EMBEDDING_WIDTH);
  const hidden = floats(at.hidden, MAX_TOKENS * HIDDEN_WIDTH);
  const activeCounts = new Int32Array(memory.buffer, at.counts, MAX_TOKENS);
  let lastRows = 0;
  const pooled = floats(at.pooled, MAX_TOKENS * HIDDEN_WIDTH);

  /** Multiplies the quantised rows in `integers` and `rowScales`. */
  const multiply = (rows: number, matrix: QuantisedMatrix, out: number, output: number) =>
    kernel.matmul(
      ...[at.integers, at.rowScales, rows, matrix.depth],
      ...[matrix.integers, matrix.columnScales, matrix.bias, matrix.columns],
      ...[out, output],
    );
  /** The same for rows that are mostly zero, added to `out`; overwrites `wide` with the offsets of non-zero values. */
  const addSparse = (rows: number, matrix: QuantisedMatrix, out: number) => {
    kernel.listActive(at.integers, rows, matrix.depth, at.wide, at.counts);
    kernel.addSparseMatmul(
      ...[at.integers, at.wide, at.counts, at.rowScales, rows, matrix.depth],
      ...[matrix.integers, matrix.columnScales, matrix.bias, matrix.columns, out],
    );
  };
  const normalise = (values: number, rows: number, width: number) =>
    kernel.normaliseRows(values, rows, width, at.integers, at.rowScales);
  const quantise = (values: number, rows: number, width: number) =>
    kernel.quantiseRows(values, rows, width, at.integers, at.rowScales);

  function embed(texts: readonly (readonly number[])[]): void {
    let row = 0;
    for (const ids of texts) {
      ids.forEach((id, position) => {
        const embedding = id * EMBEDDING_WIDTH;
        const timing = position * EMBEDDING_WIDTH;
        for (let i = 0; i < EMBEDDING_WIDTH; i += 1) {
          // The model was trained with the embedding added twice: once alone and once with the timing signal.
          input[row * EMBEDDING_WIDTH + i] = 2 * weights.embeddings[embedding + i]! + weights.timingSignal[timing + i]!;
        }
        row += 1;
      });
    }
  }

  function attend(texts: readonly (readonly number[])[], width: number): void {
    let row = 0;
    for (const { length } of texts) {
      kernel.attention(
        ...[at.wide + row * 3 * width * FLOAT_BYTES, length, padTokens(length), width / HEADS],
        ...[at.context + row * width * FLOAT_BYTES, at.keys, at.scores],
      );
      row += length;
    }
  }

  /** Adds the layer's attention and feed-forward to `hidden`; `source` is the input of the attention. */
  function runLayer(layer: Layer, texts: readonly (readonly number[])[], rows: number, source: number): void {
    normalise(source, rows, layer.inputWidth);
    multiply(rows, layer.queriesKeysValues, at.wide, OUTPUT.store);
    attend(texts, layer.inputWidth);
    quantise(at.context, rows, layer.inputWidth);
    multiply(rows, layer.attentionOutput, at.hidden, OUTPUT.add);

    normalise(at.hidden, rows, HIDDEN_WIDTH);
    multiply(rows, layer.feedForwardIn, at.wide, OUTPUT.relu);
    quantise(at.wide, rows, FEED_FORWARD_WIDTH);
    addSparse(rows, layer.feedForwardOut, at.hidden);
  }

  function averageTokens(texts: readonly (readonly number[])[]): void {
    let row = 0;
    texts.forEach(({ length }, text) => {
      const mean = pooled.subarray(text * HIDDEN_WIDTH, (text + 1) * HIDDEN_WIDTH).fill(0);
      for (const end = row + length; row < end; row += 1) {
        for (let i = 0; i < HIDDEN_WIDTH; i += 1) mean[i]! += hidden[row * HIDDEN_WIDTH + i]!;
      }
      for (let i = 0; i < HIDDEN_WIDTH; i += 1) mean[i]! /= length;
    });
  }

  function runLayers(texts: readonly (readonly number[])[]): void {
    const rows = texts.reduce((sum, { length }) => sum + length, 0);
    if (rows > MAX_TOKENS || texts.some(({ length }) => length === 0)) {
      throw new RangeError(`The encoder takes texts of 1 to ${MAX_TOKENS} tokens together, not ${rows}.`);
    }
    lastRows = rows;
    embed(texts);
    quantise(at.input, rows, EMBEDDING_WIDTH);
    multiply(rows, weights.residual, at.hidden, OUTPUT.store);
    runLayer(weights.layers[0], texts, rows, at.input);
    runLayer(weights.layers[1], texts, rows, at.hidden);
  }

  function poolTokens(texts: readonly (readonly number[])[]): Float32Array[] {
    averageTokens(texts);
    quantise(at.pooled, texts.length, HIDDEN_WIDTH);
    multiply(texts.length, weights.tanh, at.pooled, OUTPUT.store);
    return texts.map((_, text) => toUnitLength(pooled.slice(text * HIDDEN_WIDTH, (text + 1) * HIDDEN_WIDTH)));
  }

  function weighTokens(texts: readonly (readonly number[])[], tokenWeights: Float32Array): Float32Array[] {
    let row = 0;
    return texts.map((ids) => {
      const sum = new Float32Array(HIDDEN_WIDTH);
      for (const id of ids) {
        const weight = tokenWeights[id]!;
        for (let i = 0; i < HIDDEN_WIDTH; i += 1) sum[i]! += hidden[row * HIDDEN_WIDTH + i]! * weight;
        row += 1;
      }
      return sum;
    });
  }

  return {
    run(texts) {
      runLayers(texts);
      return poolTokens(texts);
    },
    runWithContent(texts, tokenWeights) {
      runLayers(texts);
      const contents = weighTokens(texts, tokenWeights);
      return poolTokens(texts).map((sentence, i) => ({ sentence, content: contents[i]! }));
    },
    activeShare: () =>
      activeCounts.subarray(0, lastRows).reduce((sum, count) => sum + count, 0) / (lastRows * FEED_FORWARD_WIDTH),
  };
}

function planBuffers(allocate: Allocate) {
  const rows = MAX_TOKENS;
  return {
    input: allocate(rows * EMBEDDING_WIDTH * FLOAT_BYTES),
    hidden: allocate(rows * HIDDEN_WIDTH * FLOAT_BYTES),
    /** Queries, keys and values, or the inner values of the feed-forward: both are up to 1536 wide. */
    wide: allocate(rows * FEED_FORWARD_WIDTH * FLOAT_BYTES),
    context: allocate(rows * HIDDEN_WIDTH * FLOAT_BYTES),
    integers: allocate(rows * FEED_FORWARD_WIDTH * INT16_BYTES),
    rowScales: allocate(rows * FLOAT_BYTES),
    counts: allocate(rows * Int32Array.BYTES_PER_ELEMENT),
    keys: allocate((HIDDEN_WIDTH / HEADS) * padTokens(rows) * FLOAT_BYTES),
    scores: allocate(rows * padTokens(rows) * FLOAT_BYTES),
    pooled: allocate(rows * HIDDEN_WIDTH * FLOAT_BYTES),
  };
}

function padTokens(count: number): number {
  return Math.ceil(count / FLOAT_COLUMNS) * FLOAT_COLUMNS;
}

function toUnitLength(vector: Float32Array): Float32Array {
  let squares = 0;
  for (let i = 0; i < vector.length; i += 1) {
    vector[i] = Math.tanh(vector[i]!);
    squares += vector[i]! ** 2;
  }
  const factor = 1 / Math.sqrt(Math.max(squares, SMALLEST_SQUARED_NORM));
  for (let i = 0; i < vector.length; i += 1) vector[i]! *= factor;
  return vector;
}
