import { createDenseKernel, WIDTH_MULTIPLE } from './dense-kernel.ts';
import { createRandom, shuffle } from './random.ts';
import { type SoftmaxSettings, softmaxInPlace } from './softmax-regression.ts';

/** Softmax regression on dense vectors, which are not centred before use. Layout: `weights[class * width + i]`. */
export type DenseRegression = {
  readonly width: number;
  readonly weights: Float32Array;
  /** One value for each class; subtracts the mean of the training vectors. */
  readonly bias: Float32Array;
};

export type DenseTrainingSet = {
  readonly vectors: readonly Float32Array[];
  readonly labels: readonly number[];
  readonly sampleWeights: readonly number[];
  readonly width: number;
  readonly classCount: number;
};

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const MIN_GRADIENT = 1e-3;
/** Centred vectors are scaled to this length (root mean square) before training; it affects the speed of learning. */
const TRAINING_LENGTH = 2.5;

/**
 * Multinomial logistic regression by stochastic gradient descent on centred vectors. The step size falls linearly to 0.
 */
export function fitDenseRegression(set: DenseTrainingSet, settings: SoftmaxSettings): DenseRegression {
  const { vectors, labels, width, classCount } = set;
  if (width % WIDTH_MULTIPLE !== 0)
    throw new RangeError(`width is ${width}; it must be a multiple of ${WIDTH_MULTIPLE}`);
  const at = { weights: 0, scores: classCount * width * FLOAT_BYTES, vectors: 0 };
  at.vectors = Math.ceil((at.scores + classCount * FLOAT_BYTES) / 64) * 64;
  const kernel = createDenseKernel(at.vectors + vectors.length * width * FLOAT_BYTES);
  const { mean, factor } = centre(vectors, width);
  const inputs = new Float32Array(kernel.memory, at.vectors, vectors.length * width);
  vectors.forEach((vector, row) => {
    for (let i = 0; i < width; i++) inputs[row * width + i] = (vector[i]! - mean[i]!) * factor;
  });

  const raw = new Float32Array(kernel.memory, at.scores, classCount);
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
      const input = at.vectors + row * width * FLOAT_BYTES;
      kernel.multiplyRows(at.weights, classCount, width, input, at.scores);
      for (let k = 0; k < classCount; k++) scores[k] = raw[k]! * scale;
      softmaxInPlace(scores);
      scores[labels[row]!]! -= 1;
      scale *= 1 - rate * settings.l2;
      const stepSize = (-rate * set.sampleWeights[row]!) / scale;
      for (let k = 0; k < classCount; k++) {
        if (Math.abs(scores[k]!) < MIN_GRADIENT) continue;
        kernel.addScaled(at.weights + k * width * FLOAT_BYTES, width, input, scores[k]! * stepSize);
      }
    }
    settings.onEpoch?.(epoch + 1);
  }
  const trained = new Float32Array(kernel.memory, at.weights, classCount * width);
  return undoCentring({ trained, width, classCount, mean, factor: factor * scale });
}

function centre(vectors: readonly Float32Array[], width: number): { mean: Float64Array; factor: number } {
  const mean = new Float64Array(width);
  for (const vector of vectors) for (let i = 0; i < width; i++) mean[i]! += vector[i]! / vectors.length;
  let squares = 0;
  for (const vector of vectors) for (let i = 0; i < width; i++) squares += (vector[i]! - mean[i]!) ** 2;
  const meanSquare = squares / Math.max(1, vectors.length);
  return { mean, factor: meanSquare > 0 ? TRAINING_LENGTH / Math.sqrt(meanSquare) : 1 };
}

/** Rewrites w · (x − mean) · factor as weights and bias for x itself. */
function undoCentring(fitted: {
  trained: Float32Array;
  width: number;
  classCount: number;
  mean: Float64Array;
  factor: number;
}): DenseRegression {
  const { trained, width, classCount, mean, factor } = fitted;
  const weights = trained.map((weight) => weight * factor);
  const bias = new Float32Array(classCount);
  for (let k = 0; k < classCount; k++) {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += weights[k * width + i]! * mean[i]!;
    bias[k] = -sum;
  }
  return { width, weights, bias };
}

/** Unnormalised log-probability of each class. */
export function scoreDense({ width, weights, bias }: DenseRegression, vector: Float32Array): Float64Array {
  const scores = new Float64Array(bias.length);
  for (let k = 0; k < bias.length; k++) {
    let sum = bias[k]!;
    const base = k * width;
    for (let i = 0; i < width; i++) sum += weights[base + i]! * vector[i]!;
    scores[k] = sum;
  }
  return scores;
}
