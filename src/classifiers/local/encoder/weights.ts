// The weights of Universal Sentence Encoder lite: the names of the tensors in the package, their sizes, and their
// positions in the kernel's memory. They are read and quantised once and shared by all threads of the process.

import { HEADS } from './kernel-attention.ts';
import { type ModelFiles, openModelFiles, type VocabularyEntry } from './model-files.ts';
import { type MatrixSize, type QuantisedMatrix, quantiseMatrix } from './quantised-matrix.ts';

export const VOCABULARY_ROWS = 8002;
export const EMBEDDING_WIDTH = 256;
export const HIDDEN_WIDTH = 512;
export const FEED_FORWARD_WIDTH = 1536;
/** The model reads at most this many tokens. */
export const MAX_TOKENS = 128;

export type Layer = {
  readonly inputWidth: number;
  readonly queriesKeysValues: QuantisedMatrix;
  readonly attentionOutput: QuantisedMatrix;
  readonly feedForwardIn: QuantisedMatrix;
  readonly feedForwardOut: QuantisedMatrix;
};

export type Weights = {
  readonly embeddings: Float32Array;
  /** MAX_TOKENS × EMBEDDING_WIDTH sines and cosines of the position, which are added to the embeddings. */
  readonly timingSignal: Float32Array;
  /** Widens the input of the first layer from 256 to 512, so that it can be added to the layer's result. */
  readonly residual: QuantisedMatrix;
  readonly layers: readonly [Layer, Layer];
  readonly tanh: QuantisedMatrix;
};

type MatrixSource = MatrixSize & {
  readonly weights: string;
  readonly bias: string;
  /** Layer normalisation before the matrix. */
  readonly normalisation?: { readonly scale: string; readonly bias: string };
  readonly queryFactor?: number;
  readonly layout?: QuantisedMatrix['layout'];
};

const ENCODE = 'KonaTransformer/Encode';
const FOLDED = `module_apply_default/Encoder_en/${ENCODE}`;
const PLAIN = `module/Encoder_en/${ENCODE}`;
const STACK = `${FOLDED}/TransformerStack`;
const PARTS = 'ConcatPartitions/concat';

const RESIDUAL: MatrixSource = {
  weights: `${FOLDED}/Layer_0/TransformerLayer/dense/kernel/${PARTS}`,
  bias: `${FOLDED}/Layer_0/TransformerLayer/dense/bias/${PARTS}`,
  depth: EMBEDDING_WIDTH,
  columns: HIDDEN_WIDTH,
};

const TANH: MatrixSource = {
  weights: 'module/Encoder_en/hidden_layers/tanh_layer_0/weights',
  bias: 'module/Encoder_en/hidden_layers/tanh_layer_0/bias',
  depth: HIDDEN_WIDTH,
  columns: HIDDEN_WIDTH,
};

function layerSources(index: number, inputWidth: number) {
  const name = `Layer_${index}/TransformerLayer`;
  const normalisation = (owner: string) => ({
    scale: `${FOLDED}/${owner}/layer_prepostprocess/layer_norm/layer_norm_scale/${PARTS}`,
    bias: `${FOLDED}/${owner}/layer_prepostprocess/layer_norm/layer_norm_bias/${PARTS}`,
  });
  const attention = (transform: string) => ({
    weights: `${PLAIN}/${name}/MultiheadAttention/${transform}/kernel/part_0`,
    bias: `${FOLDED}/${name}/MultiheadAttention/${transform}/bias/${PARTS}`,
  });
  const feedForward = (convolution: string) => ({
    weights: `${STACK}/${name}/FFN/${convolution}/Tensordot/Reshape_1`,
    bias: `${FOLDED}/${name}/FFN/${convolution}/bias/${PARTS}`,
  });
  return {
    inputWidth,
    queriesKeysValues: {
      ...attention('qkv_transform_single'),
      normalisation: normalisation(name),
      queryFactor: 1 / Math.sqrt(inputWidth / HEADS),
      depth: inputWidth,
      columns: 3 * inputWidth,
    },
    attentionOutput: { ...attention('output_transform_single'), depth: inputWidth, columns: HIDDEN_WIDTH },
    feedForwardIn: {
      ...feedForward('conv1'),
      normalisation: normalisation(`${name}/FFN`),
      depth: HIDDEN_WIDTH,
      columns: FEED_FORWARD_WIDTH,
    },
    feedForwardOut: {
      ...feedForward('conv2'),
      depth: FEED_FORWARD_WIDTH,
      columns: HIDDEN_WIDTH,
      layout: 'blocks',
    },
  } satisfies Record<Exclude<keyof Layer, 'inputWidth'>, MatrixSource> & { inputWidth: number };
}

/** Allocates a part of the kernel's memory and returns its start in bytes. */
export type Allocate = (bytes: number) => number;

/** The data of an encoder. Only the vocabulary is copied when it is sent to another thread. */
export type EncoderModel = {
  /** Version of the package that it was read from. */
  readonly version: string;
  readonly vocabulary: readonly VocabularyEntry[];
  /** The matrices, laid out as in the kernel's memory from byte 0, then the embeddings and the timing signal. */
  readonly weights: SharedArrayBuffer;
};

const EMBEDDING_VALUES = VOCABULARY_ROWS * EMBEDDING_WIDTH;
const TIMING_VALUES = MAX_TOKENS * EMBEDDING_WIDTH;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
// A cache line, so that no vector is in two of them.
const ALIGNMENT = 64;

export const align = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/**
 * Reads the model from its package and quantises it, in about 150 ms. Throws `SwitchboardError` like `openModelFiles`.
 */
export function loadEncoderModel(): EncoderModel {
  const files = openModelFiles();
  try {
    const { planned, matrixBytes } = planMatrices();
    const weights = new SharedArrayBuffer(matrixBytes + (EMBEDDING_VALUES + TIMING_VALUES) * FLOAT_BYTES);
    readMatrices({ files, weights, planned });
    const { embeddings, timingSignal } = viewTables(weights, matrixBytes);
    embeddings.set(readTensor(files, 'module/Embeddings_en', EMBEDDING_VALUES));
    const frequencies = `${STACK}/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`;
    fillTimingSignal(timingSignal, readTensor(files, frequencies, EMBEDDING_WIDTH / 2));
    return { version: files.version, vocabulary: files.vocabulary, weights };
  } finally {
    files.close();
  }
}

/** The positions of the weights. The first `matrixBytes` bytes must be copied to the start of the kernel's memory. */
export function placeWeights({ weights }: EncoderModel): Weights & { readonly matrixBytes: number } {
  const { residual, layers, tanh, matrixBytes } = planMatrices();
  return { residual, layers, tanh, matrixBytes, ...viewTables(weights, matrixBytes) };
}

function viewTables(weights: SharedArrayBuffer, matrixBytes: number) {
  return {
    embeddings: new Float32Array(weights, matrixBytes, EMBEDDING_VALUES),
    timingSignal: new Float32Array(weights, matrixBytes + EMBEDDING_VALUES * FLOAT_BYTES, TIMING_VALUES),
  };
}

type PlannedMatrix = { readonly source: MatrixSource; readonly place: QuantisedMatrix };

/** Assigns a position to every matrix, one after the other from byte 0. */
function planMatrices() {
  let matrixBytes = 0;
  const allocate: Allocate = (bytes) => {
    const start = matrixBytes;
    matrixBytes += align(bytes);
    return start;
  };
  const planned: PlannedMatrix[] = [];
  const plan = (source: MatrixSource): QuantisedMatrix => {
    const { depth, columns } = source;
    const place = {
      depth,
      columns,
      layout: source.layout ?? 'panels',
      integers: allocate(depth * columns * Int16Array.BYTES_PER_ELEMENT),
      columnScales: allocate(columns * FLOAT_BYTES),
      bias: allocate(columns * FLOAT_BYTES),
    };
    planned.push({ source, place });
    return place;
  };
  const planLayer = (index: number, inputWidth: number): Layer => {
    const sources = layerSources(index, inputWidth);
    return {
      inputWidth,
      queriesKeysValues: plan(sources.queriesKeysValues),
      attentionOutput: plan(sources.attentionOutput),
      feedForwardIn: plan(sources.feedForwardIn),
      feedForwardOut: plan(sources.feedForwardOut),
    };
  };
  const residual = plan(RESIDUAL);
  const layers = [planLayer(0, EMBEDDING_WIDTH), planLayer(1, HIDDEN_WIDTH)] as const;
  const tanh = plan(TANH);
  return { residual, layers, tanh, planned, matrixBytes };
}

function readMatrices(options: {
  files: ModelFiles;
  weights: SharedArrayBuffer;
  planned: readonly PlannedMatrix[];
}): void {
  const { files, weights, planned } = options;
  // As large as the largest matrix, because all of them are read into the same memory.
  const scratch = new Float32Array(HIDDEN_WIDTH * FEED_FORWARD_WIDTH);
  for (const { source, place } of planned) {
    const { depth, columns, normalisation, queryFactor } = source;
    const values = scratch.subarray(0, depth * columns);
    files.readTensor(source.weights, values);
    quantiseMatrix(weights, place, {
      depth,
      columns,
      weights: values,
      bias: readTensor(files, source.bias, columns),
      normalisation: normalisation && {
        scale: readTensor(files, normalisation.scale, depth),
        bias: readTensor(files, normalisation.bias, depth),
      },
      // The queries are the first third of the columns.
      factor: queryFactor === undefined ? undefined : { columns: columns / 3, value: queryFactor },
    });
  }
}

function readTensor(files: ModelFiles, name: string, length: number): Float32Array {
  const values = new Float32Array(length);
  files.readTensor(name, values);
  return values;
}

function fillTimingSignal(signal: Float32Array, frequencies: Float32Array): void {
  for (let position = 0; position < MAX_TOKENS; position += 1) {
    const row = signal.subarray(position * EMBEDDING_WIDTH, (position + 1) * EMBEDDING_WIDTH);
    frequencies.forEach((frequency, index) => {
      row[index] = Math.sin(position * frequency);
      row[index + frequencies.length] = Math.cos(position * frequency);
    });
  }
}
