import { fitLogistic, type Logistic, linearOf, logOdds, probabilityOf } from '../calibration/logistic.ts';
import { softmaxAt } from './softmax-regression.ts';

/** What speaks for or against an answer: see `evidenceOf`. */
export type Evidence = readonly [certainty: number, strength: number, margin: number, nearness: number | null];

/** Evidence for held-out texts with whether the answer was right, and for texts that no known intent fits. */
export type ConfidenceCases = {
  readonly evidence: readonly Evidence[];
  readonly correct: readonly boolean[];
  readonly strangers: readonly Evidence[];
};

export type ConfidenceModel = {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Separates right answers from wrong ones and from strangers. */
  readonly ranking: Logistic;
  /** Turns the ranking into the probability of being right, on tickets that some intent fits. */
  readonly calibration: Logistic;
};

/** Beyond this a larger margin says nothing more. */
const LARGEST_MARGIN = 12;
/** All strangers together count for this share of the held-out texts. */
const STRANGER_SHARE = 0.5;
/**
 * The confidence of the mix, which is calibrated already, holds until about this many cases speak for something else.
 * Less lets some seventy held-out texts bend it (insurance); above a thousand it makes no difference.
 */
const RIDGE = 40;
/** With fewer held-out texts the probability of the mix itself is the better guide. */
const MIN_CASES = 40;

/**
 * certainty: log-odds of the best class; strength: its unnormalised score, small when nothing in the text is known;
 * margin: log-probability over the runner-up; nearness: highest cosine to an example, null when the encoder does not
 * read the text.
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
 * Learns a confidence that is high where the answer is right and low both where it is wrong and where no intent fits;
 * then calibrates it (Platt 1999) on the held-out texts alone, because how many strangers will come is not known.
 * Null with too few cases.
 */
export function fitConfidence({ evidence, correct, strangers }: ConfidenceCases): ConfidenceModel | null {
  if (evidence.length < MIN_CASES) return null;
  const { mean, deviation } = standardisation(evidence);
  const standard = (own: Evidence) => standardise({ mean, deviation }, own);
  const rows = [...evidence, ...strangers].map(standard);
  const targets = [...correct.map(Number), ...strangers.map(() => 0)];
  const strangerWeight = (STRANGER_SHARE * evidence.length) / Math.max(1, strangers.length);
  const caseWeights = targets.map((_, i) => (i < evidence.length ? 1 : strangerWeight));
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

/** Probability that the best class is right; without a model, that of the mix. */
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

/** What is not known counts as average. */
function standardise(scale: Pick<ConfidenceModel, 'mean' | 'deviation'>, evidence: Evidence): number[] {
  return evidence.map((value, i) => (value === null ? 0 : (value - scale.mean[i]!) / scale.deviation[i]!));
}
