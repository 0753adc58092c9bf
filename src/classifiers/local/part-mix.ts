import { solve } from '../calibration/solve.ts';

/** Scores of one text by each part of the engine: `scores[part][class]`, unnormalised log-probabilities. */
export type PartScores = readonly ArrayLike<number>[];

export type MixCases = {
  readonly cases: readonly PartScores[];
  readonly labels: readonly number[];
  /** How much each case counts. */
  readonly caseWeights: readonly number[];
};

/** Strength of the prior in cases; it keeps the weights near the start while there are few cases. */
const PRIOR_STRENGTH = 3;
const ITERATIONS = 25;
const SMALLEST_WEIGHT = 0;
/** A step that would change a weight by more than this is shortened. */
const LARGEST_STEP = 0.5;

/** The weighted sum of the parts' scores. */
export function mixScores(weights: readonly number[], scores: PartScores): Float64Array {
  const mixed = new Float64Array(scores[0]?.length ?? 0);
  scores.forEach((part, i) => {
    const weight = weights[i]!;
    for (let k = 0; k < mixed.length; k++) mixed[k]! += weight * part[k]!;
  });
  return mixed;
}

/**
 * Fits the weights of the parts (at least 0) with the lowest log-loss on held-out cases, by Newton's method with a
 * quadratic prior around `start`. The size of the weights acts as a temperature, so that none is fitted separately. The
 * target for the right class is (n + 1) / (n + 2) instead of 1 (Platt 1999), so that few cases do not lead to
 * certainty.
 */
export function fitMix({ cases, labels, caseWeights }: MixCases, start: readonly number[]): number[] {
  const weights = [...start];
  if (cases.length === 0) return weights;
  const certainty = (cases.length + 1) / (cases.length + 2);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const { gradient, curvature } = derivatives({ cases, labels, caseWeights }, weights, certainty);
    weights.forEach((weight, i) => {
      gradient[i]! += (PRIOR_STRENGTH * (weight - start[i]!)) / start[i]! ** 2;
      curvature[i]![i]! += PRIOR_STRENGTH / start[i]! ** 2;
    });
    const step = solve(curvature, gradient);
    const longest = Math.max(...step.map(Math.abs));
    const shorten = Math.min(1, LARGEST_STEP / Math.max(longest, 1e-12));
    weights.forEach((weight, i) => {
      weights[i] = Math.max(SMALLEST_WEIGHT, weight - shorten * step[i]!);
    });
    if (longest < 1e-4) break;
  }
  return weights;
}

function derivatives({ cases, labels, caseWeights }: MixCases, weights: readonly number[], certainty: number) {
  const parts = weights.length;
  const gradient = new Array<number>(parts).fill(0);
  const curvature = weights.map(() => new Array<number>(parts).fill(0));
  cases.forEach((scores, row) => {
    const probabilities = mixScores(weights, scores);
    const classCount = probabilities.length;
    const caseWeight = caseWeights[row]!;
    const highest = Math.max(...probabilities);
    let total = 0;
    for (let k = 0; k < classCount; k++) total += probabilities[k] = Math.exp(probabilities[k]! - highest);
    const expected = new Array<number>(parts).fill(0);
    for (let i = 0; i < parts; i++) {
      let mean = 0;
      for (let k = 0; k < classCount; k++) {
        expected[i]! += (probabilities[k]! / total) * scores[i]![k]!;
        mean += scores[i]![k]! / classCount;
      }
      const target = certainty * scores[i]![labels[row]!]! + (1 - certainty) * mean;
      gradient[i]! += caseWeight * (expected[i]! - target);
    }
    for (let k = 0; k < classCount; k++) {
      const probability = probabilities[k]! / total;
      if (probability < 1e-6) continue;
      for (let i = 0; i < parts; i++) {
        const deviation = caseWeight * probability * (scores[i]![k]! - expected[i]!);
        for (let j = 0; j < parts; j++) curvature[i]![j]! += deviation * (scores[j]![k]! - expected[j]!);
      }
    }
  });
  return { gradient, curvature };
}
