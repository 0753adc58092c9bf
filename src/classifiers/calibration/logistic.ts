import { solve } from './solve.ts';

/** A logistic model: P(yes) = 1 / (1 + exp(−(bias + Σ weight · feature))). */
export type Logistic = { readonly bias: number; readonly weights: readonly number[] };

export type LogisticCases = {
  readonly features: readonly (readonly number[])[];
  /** One for each row of `features`, from 0 to 1. */
  readonly targets: readonly number[];
  /** How much each case counts; 1 when left out. */
  readonly caseWeights?: readonly number[];
};

const ITERATIONS = 50;
const LARGEST_STEP = 2;

/**
 * Fits a logistic regression by Newton's method. `ridge` pulls the weights (not the bias) towards `prior`, about as
 * strongly as this many cases would; it keeps the weights finite where the cases are separable.
 */
export function fitLogistic(
  { features, targets, caseWeights }: LogisticCases,
  options: { readonly ridge: number; readonly prior: readonly number[] },
): Logistic {
  const size = options.prior.length + 1;
  const parameters = [0, ...options.prior];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const gradient = new Array<number>(size).fill(0);
    const curvature = parameters.map(() => new Array<number>(size).fill(0));
    curvature[0]![0] = 1e-6;
    options.prior.forEach((prior, i) => {
      gradient[i + 1] = options.ridge * (parameters[i + 1]! - prior);
      curvature[i + 1]![i + 1] = options.ridge;
    });
    features.forEach((own, row) => {
      const probability = probabilityOf({ bias: parameters[0]!, weights: parameters.slice(1) }, own);
      const weight = caseWeights?.[row] ?? 1;
      const error = weight * (probability - targets[row]!);
      const slope = weight * probability * (1 - probability);
      for (let i = 0; i < size; i++) {
        const first = i === 0 ? 1 : own[i - 1]!;
        gradient[i]! += error * first;
        for (let j = 0; j < size; j++) curvature[i]![j]! += slope * first * (j === 0 ? 1 : own[j - 1]!);
      }
    });
    const step = solve(curvature, gradient);
    const longest = Math.max(...step.map(Math.abs));
    const shorten = Math.min(1, LARGEST_STEP / Math.max(longest, 1e-12));
    step.forEach((change, i) => {
      parameters[i]! -= shorten * change;
    });
    if (longest < 1e-6) break;
  }
  return { bias: parameters[0]!, weights: parameters.slice(1) };
}

export function linearOf(model: Logistic, features: readonly number[]): number {
  return features.reduce((sum, feature, i) => sum + feature * (model.weights[i] ?? 0), model.bias);
}

export function probabilityOf(model: Logistic, features: readonly number[]): number {
  return 1 / (1 + Math.exp(-linearOf(model, features)));
}

/** Log-odds of a probability, kept finite for 0 and 1. */
export function logOdds(probability: number): number {
  const bounded = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  return Math.log(bounded / (1 - bounded));
}
