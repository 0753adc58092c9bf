import { fitLogistic, type Logistic, linearOf, logOdds, probabilityOf } from '../calibration/logistic.ts';
import { softmaxAt } from './softmax-regression.ts';

/** Numbers that speak for or against an answer; see `evidenceOf`. */
export type Evidence = readonly [certainty: number, strength: number, margin: number, nearness: number | null];

/** Evidence for held-out texts, whether each answer was right, and evidence for texts that no trained intent fits. */
export type ConfidenceCases = {
  readonly evidence: readonly Evidence[];
  readonly correct: readonly boolean[];
  readonly outOfScope: readonly Evidence[];
};

export type ConfidenceModel = {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Separates right answers from wrong ones and from out-of-scope texts. */
  readonly ranking: Logistic;
  /** Maps the ranking to the probability that the answer is right, for tickets that some intent fits. */
  readonly calibration: Logistic;
};

/** Larger margins are cut to this; they carry no further information. */
const LARGEST_MARGIN = 12;
/** All out-of-scope texts together weigh as much as this share of the held-out texts. */
const OUT_OF_SCOPE_SHARE = 0.5;
/**
 * Strength of the prior, in cases. The prior is the confidence of the mix, which is already calibrated. With a smaller
 * value the 68 held-out texts of the insurance data changed it too much; with over a thousand texts it has no effect.
 */
const RIDGE = 40;
/** With fewer held-out texts, the probability of the mix is used as it is. */
const MIN_CASES = 40;

/**
 * Computes the evidence for the best class. certainty: its log-odds. strength: its unnormalised score, which is small
 * when no word of the text is known. margin: its log-probability minus that of the runner-up. nearness: the highest
 * cosine to an example, null when the encoder does not read the text.
 */
export function evidenceOf(mixed: ArrayLike<number>, nearness: number | null): Evidence {
  const probabilities = softmaxAt(mixed, 1);
  let best = 0;
  for (let k = 1; k < mixed.length; k++) if (mixed[k]! > mixed[best]!) best = k;
  let second = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < mixed.length; k++) if (k !== best && mixed[k]! > second) second = mixed[k]!;
  const margin = mixed.length < 2 ? 0 : mixed[best]! - second;
  return [logOdds(probabilities[best]!), mixed[best]!, Math.min(LARGEST_MARGIN, margin), nearness];
}

/**
 * Fits a confidence that is high where the answer is right, and low where it is wrong or no intent fits. It is then
 * calibrated (Platt 1999) on the held-out texts alone, because the share of out-of-scope tickets is not known in
 * advance. Null with too few cases.
 */
export function fitConfidence({ evidence, correct, outOfScope }: ConfidenceCases): ConfidenceModel | null {
  if (evidence.length < MIN_CASES) return null;
  const { mean, deviation } = standardisation(evidence);
  const standard = (own: Evidence) => standardise({ mean, deviation }, own);
  const rows = [...evidence, ...outOfScope].map(standard);
  const targets = [...correct.map(Number), ...outOfScope.map(() => 0)];
  const outOfScopeWeight = (OUT_OF_SCOPE_SHARE * evidence.length) / Math.max(1, outOfScope.length);
  const caseWeights = targets.map((_, i) => (i < evidence.length ? 1 : outOfScopeWeight));
  const ranking = fitLogistic(
    { features: rows, targets, caseWeights },
    { ridge: RIDGE, prior: [deviation[0]!, 0, 0, 0] },
  );

  const right = correct.filter(Boolean).length;
  const wrong = correct.length - right;
  const smoothed = correct.map((is) => (is ? (right + 1) / (right + 2) : 1 / (wrong + 2)));
  const ranked = rows.slice(0, evidence.length).map((row) => [linearOf(ranking, row)]);
  const calibration = fitLogistic({ features: ranked, targets: smoothed }, { ridge: RIDGE, prior: [1] });
  return { mean, deviation, ranking, calibration };
}

/** Probability that the best class is right; without a model, the probability of the mix. */
export function confidenceOf(model: ConfidenceModel | null, evidence: Evidence): number {
  if (model === null) return 1 / (1 + Math.exp(-evidence[0]));
  return probabilityOf(model.calibration, [linearOf(model.ranking, standardise(model, evidence))]);
}

function standardisation(evidence: readonly Evidence[]): { mean: number[]; deviation: number[] } {
  const columns = ([0, 1, 2, 3] as const).map((i) => evidence.flatMap((own) => own[i] ?? []));
  const mean = columns.map((values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length));
  const deviation = columns.map((values, i) => {
    const squares = values.reduce((sum, value) => sum + (value - mean[i]!) ** 2, 0);
    return Math.sqrt(squares / Math.max(1, values.length)) || 1;
  });
  return { mean, deviation };
}

/** Unknown values count as average. */
function standardise(scale: Pick<ConfidenceModel, 'mean' | 'deviation'>, evidence: Evidence): number[] {
  return evidence.map((value, i) => (value === null ? 0 : (value - scale.mean[i]!) / scale.deviation[i]!));
}
