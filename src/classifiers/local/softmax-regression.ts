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

// Gradients of classes that are already nearly right cost most of the time and change nothing.
const MIN_GRADIENT = 1e-3;

/**
 * Multinomial logistic regression by stochastic gradient descent, the step falling linearly to 0.
 * L2 shrinkage is kept as one factor on all weights, so that a step touches only the features of its text.
 */
export function fitSoftmaxRegression(set: SparseTrainingSet, settings: SoftmaxSettings): SoftmaxRegression {
  const { vectors, labels, featureCount, classCount } = set;
  const weights = new Float32Array(featureCount * classCount);
  const order = Uint32Array.from(vectors.keys());
  const random = createRandom(settings.seed);
  const scores = new Float64Array(classCount);
  const steps = vectors.length * settings.epochs;
  let scale = 1;
  let step = 0;
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    shuffle(order, random);
    for (const row of order) {
      const rate = settings.learningRate * (1 - step++ / steps);
      const vector = vectors[row]!;
      addScores(weights, classCount, vector, scores);
      for (let k = 0; k < classCount; k++) scores[k] = scores[k]! * scale;
      softmaxInPlace(scores);
      scores[labels[row]!]! -= 1;
      scale *= 1 - rate * settings.l2;
      subtractGradient(weights, classCount, vector, scores, (rate * (set.sampleWeights?.[row] ?? 1)) / scale);
    }
    settings.onEpoch?.(epoch + 1);
  }
  for (let i = 0; i < weights.length; i++) weights[i] = weights[i]! * scale;
  return { classCount, weights };
}

/** Unnormalised log-probability of each class. */
export function scoreSparse(model: SoftmaxRegression, vector: SparseVector): Float64Array {
  const scores = new Float64Array(model.classCount);
  addScores(model.weights, model.classCount, vector, scores);
  return scores;
}

function addScores(weights: Float32Array, classCount: number, vector: SparseVector, scores: Float64Array): void {
  scores.fill(0);
  const { indices, values } = vector;
  for (let i = 0; i < indices.length; i++) {
    const value = values[i]!;
    const base = indices[i]! * classCount;
    for (let k = 0; k < classCount; k++) scores[k]! += weights[base + k]! * value;
  }
}

const activeClasses: number[] = [];

function subtractGradient(
  weights: Float32Array,
  classCount: number,
  vector: SparseVector,
  gradient: Float64Array,
  rate: number,
): void {
  activeClasses.length = 0;
  for (let k = 0; k < classCount; k++) if (Math.abs(gradient[k]!) >= MIN_GRADIENT) activeClasses.push(k);
  const { indices, values } = vector;
  for (let i = 0; i < indices.length; i++) {
    const change = values[i]! * rate;
    const base = indices[i]! * classCount;
    for (let a = 0; a < activeClasses.length; a++) {
      const k = activeClasses[a]!;
      weights[base + k]! -= gradient[k]! * change;
    }
  }
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

/** Softmax of the scores divided by a temperature; above 1 it makes the model less sure. */
export function softmaxAt(scores: ArrayLike<number>, temperature: number): Float64Array {
  const probabilities = Float64Array.from(scores, (score) => score / temperature);
  softmaxInPlace(probabilities);
  return probabilities;
}
