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
const HALVINGS = 30;

/**
 * Fits a logistic regression by Newton's method. `ridge` pulls the weights (not the bias) towards `prior`, about as
 * strongly as this many cases would; it keeps the weights finite where the cases are separable. A step that would raise
 * the loss is halved: with few wrong answers among many, whole steps jump to and fro across the optimum.
 */
export function fitLogistic(cases: LogisticCases, options: Prior): Logistic {
  let parameters = [0, ...options.prior];
  let loss = lossOf(cases, options, parameters);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const { gradient, curvature } = derivatives(cases, options, parameters);
    let step = solve(curvature, gradient);
    let next = parameters;
    for (let halving = 0; halving <= HALVINGS; halving++) {
      next = parameters.map((value, i) => value - step[i]!);
      if (lossOf(cases, options, next) <= loss) break;
      step = step.map((change) => change / 2);
    }
    parameters = next;
    loss = lossOf(cases, options, parameters);
    if (Math.max(...step.map(Math.abs)) < 1e-6) break;
  }
  return modelOf(parameters);
}

type Prior = { readonly ridge: number; readonly prior: readonly number[] };

const modelOf = ([bias = 0, ...weights]: readonly number[]): Logistic => ({ bias, weights });

/** Cross-entropy of the cases, and the penalty for leaving the prior. */
function lossOf(
  { features, targets, caseWeights }: LogisticCases,
  { ridge, prior }: Prior,
  parameters: readonly number[],
) {
  const model = modelOf(parameters);
  let loss = 0;
  features.forEach((own, row) => {
    const linear = linearOf(model, own);
    // log(1 + exp(x)) that does not overflow.
    const softPlus = Math.max(0, linear) + Math.log1p(Math.exp(-Math.abs(linear)));
    loss += (caseWeights?.[row] ?? 1) * (softPlus - targets[row]! * linear);
  });
  return prior.reduce((sum, start, i) => sum + (ridge / 2) * (parameters[i + 1]! - start) ** 2, loss);
}

function derivatives(
  { features, targets, caseWeights }: LogisticCases,
  { ridge, prior }: Prior,
  parameters: readonly number[],
) {
  const size = parameters.length;
  const model = modelOf(parameters);
  const gradient = new Array<number>(size).fill(0);
  const curvature = parameters.map(() => new Array<number>(size).fill(0));
  curvature[0]![0] = 1e-6;
  prior.forEach((start, i) => {
    gradient[i + 1] = ridge * (parameters[i + 1]! - start);
    curvature[i + 1]![i + 1] = ridge;
  });
  features.forEach((own, row) => {
    const probability = probabilityOf(model, own);
    const weight = caseWeights?.[row] ?? 1;
    const error = weight * (probability - targets[row]!);
    const slope = weight * probability * (1 - probability);
    for (let i = 0; i < size; i++) {
      const first = i === 0 ? 1 : own[i - 1]!;
      gradient[i]! += error * first;
      for (let j = 0; j < size; j++) curvature[i]![j]! += slope * first * (j === 0 ? 1 : own[j - 1]!);
    }
  });
  return { gradient, curvature };
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
