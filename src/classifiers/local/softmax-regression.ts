import { createDenseKernel, WIDTH_MULTIPLE } from './dense-kernel.ts';
import { createRandom, shuffle } from './random.ts';
import type { SparseVector } from './sparse-vector.ts';

/** Weights by feature, then class: `weights[feature * classCount + class]`. */
export type SoftmaxRegression = { readonly classCount: number; readonly weights: Float32Array };

export type SparseTrainingSet = {
  readonly vectors: readonly SparseVector[];
  /** Class of each vector. */
  readonly labels: readonly number[];
  /** Weight of each vector in the loss; 1 when left out. */
  readonly sampleWeights?: readonly number[];
  readonly featureCount: number;
  readonly classCount: number;
};

export type SoftmaxSettings = {
  readonly epochs: number;
  readonly learningRate: number;
  readonly l2: number;
  readonly seed: number;
  readonly onEpoch?: (epoch: number) => void;
};

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * Multinomial logistic regression by stochastic gradient descent. The step size falls linearly to 0. L2 shrinkage is
 * kept as one factor for all weights, so that a step changes only the features of its text.
 */
export function fitSoftmaxRegression(set: SparseTrainingSet, settings: SoftmaxSettings): SoftmaxRegression {
  const { vectors, labels, featureCount, classCount } = set;
  const work = layOut(set);
  const { kernel, width } = work;
  const raw = new Float32Array(kernel.memory, work.scores, width);
  const scores = new Float64Array(classCount);
  const order = Uint32Array.from(vectors.keys());
  const random = createRandom(settings.seed);
  const steps = vectors.length * settings.epochs;
  let scale = 1;
  let step = 0;
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    shuffle(order, random);
    for (const row of order) {
      const rate = settings.learningRate * (1 - step++ / steps);
      const vector = [
        work.rows + work.starts[row]!,
        work.values + work.starts[row]!,
        vectors[row]!.indices.length,
      ] as const;
      raw.fill(0);
      kernel.addRows(0, width, ...vector, work.scores);
      for (let k = 0; k < classCount; k++) scores[k] = raw[k]! * scale;
      softmaxInPlace(scores);
      scores[labels[row]!]! -= 1;
      raw.set(scores);
      raw.fill(0, classCount); // The padding belongs to no class and must stay 0.
      scale *= 1 - rate * settings.l2;
      kernel.addToRows(0, width, ...vector, work.scores, (-rate * (set.sampleWeights?.[row] ?? 1)) / scale);
    }
    settings.onEpoch?.(epoch + 1);
  }
  const padded = new Float32Array(kernel.memory, 0, featureCount * width);
  const weights = new Float32Array(featureCount * classCount);
  for (let feature = 0; feature < featureCount; feature++) {
    for (let k = 0; k < classCount; k++) weights[feature * classCount + k] = padded[feature * width + k]! * scale;
  }
  return { classCount, weights };
}

/** Lays out the memory of the kernel: weights (one padded row per feature), scores of one text, then all texts. */
function layOut({ vectors, featureCount, classCount }: SparseTrainingSet) {
  const width = Math.ceil(classCount / WIDTH_MULTIPLE) * WIDTH_MULTIPLE;
  const entries = vectors.reduce((sum, { indices }) => sum + indices.length, 0);
  const scores = featureCount * width * FLOAT_BYTES;
  const rows = scores + width * FLOAT_BYTES;
  const values = rows + entries * FLOAT_BYTES;
  const kernel = createDenseKernel(values + entries * FLOAT_BYTES);
  const allRows = new Uint32Array(kernel.memory, rows, entries);
  const allValues = new Float32Array(kernel.memory, values, entries);
  const starts = new Float64Array(vectors.length);
  let start = 0;
  vectors.forEach((vector, i) => {
    starts[i] = start * FLOAT_BYTES;
    allRows.set(
      vector.indices.map((index) => index * width * FLOAT_BYTES),
      start,
    );
    allValues.set(vector.values, start);
    start += vector.indices.length;
  });
  return { kernel, width, scores, rows, values, starts };
}

/** Unnormalised log-probability of each class. */
export function scoreSparse({ weights, classCount }: SoftmaxRegression, vector: SparseVector): Float64Array {
  const scores = new Float64Array(classCount);
  const { indices, values } = vector;
  for (let i = 0; i < indices.length; i++) {
    const value = values[i]!;
    const base = indices[i]! * classCount;
    for (let k = 0; k < classCount; k++) scores[k]! += weights[base + k]! * value;
  }
  return scores;
}

/** Turns scores into probabilities, in place. */
export function softmaxInPlace(scores: Float64Array): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < scores.length; k++) if (scores[k]! > highest) highest = scores[k]!;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    const exponential = Math.exp(scores[k]! - highest);
    scores[k] = exponential;
    sum += exponential;
  }
  for (let k = 0; k < scores.length; k++) scores[k] = scores[k]! / sum;
}

/** Softmax of the scores divided by a temperature; above 1 it makes the probabilities more even. */
export function softmaxAt(scores: ArrayLike<number>, temperature: number): Float64Array {
  const probabilities = Float64Array.from(scores, (score) => score / temperature);
  softmaxInPlace(probabilities);
  return probabilities;
}
