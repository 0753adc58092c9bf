import { z } from 'zod';
import { versionOf } from '../../base/hash.ts';
import { count } from '../../base/plural.ts';
import type { Classification } from '../classifier.ts';
import { formatBelow } from '../format-percent.ts';
import { answerFeatureNames, answerFeatures } from './answer-features.ts';
import type { AskedPrompt } from './asked-prompt.ts';
import type { ConfidenceTarget } from './confidence-target.ts';
import { fitLogistic, type Logistic, probabilityOf } from './logistic.ts';
import { type CurvePoint, type JudgedAnswer, precisionCoverageCurve } from './precision-coverage.ts';
import { fitThresholds, type Thresholds, thresholdFor } from './thresholds.ts';

/** An engine's answer to a labelled ticket, the answer of another engine, and the right intent (null: none fits). */
export type CalibrationCase = {
  readonly answer: Classification;
  readonly other: Classification | null;
  readonly intent: string | null;
};

const numbers = z.array(z.number());
export const engineCalibrationSchema = z.object({
  format: z.literal(1),
  /** Hash of the fields from `engine` on. */
  version: z.string(),
  /** When it was fitted; missing in older files. */
  fittedAt: z.iso.datetime().optional(),
  engine: z.string(),
  taxonomy: z.string(),
  /** Model and prompt version that were asked; missing for the embedded engine, and in files of older versions. */
  model: z.string().optional(),
  prompt: z.string().optional(),
  /** Keys (`ticketKeys`) of the tickets that it was fitted on; missing in older files. */
  tickets: z.array(z.string()).optional(),
  features: z.array(z.string()),
  mean: numbers,
  deviation: numbers,
  logistic: z.object({ bias: z.number(), weights: numbers }),
  /** Answers judged by a fit without them, from which the thresholds for any target are computed. */
  heldOut: z.array(
    z.object({
      intent: z.string(),
      expected: z.string().nullable().optional(),
      confidence: z.number(),
      correct: z.boolean(),
    }),
  ),
});
/** How the answers of an engine are mapped to calibrated probabilities. Stored as a JSON file and in the store. */
export type EngineCalibration = z.infer<typeof engineCalibrationSchema>;

const FOLDS = 5;
const RIDGE = 2;
/** Fewer answered tickets are not enough to estimate how often an engine is right. */
export const MIN_CALIBRATION_CASES = 30;

/**
 * Fits the probability that an answer is right by logistic regression, from its stated confidence and from the
 * agreement with examples and with another engine (`answerFeatures`). `heldOut` comes from 5 folds, so that no case is
 * judged by a fit that it was part of. Tickets for which the engine named no intent are left out. Throws `RangeError`
 * with fewer than `MIN_CALIBRATION_CASES` cases.
 */
export function fitEngineCalibration(options: {
  engine: string;
  taxonomy: string;
  /** What was asked, for a model. */
  asked?: AskedPrompt | null;
  /** Keys of the tickets of the cases. */
  tickets?: readonly string[];
  cases: readonly CalibrationCase[];
  fittedAt: Date;
}): EngineCalibration {
  const cases = options.cases.filter(({ answer }) => answer.intent !== null);
  if (cases.length < MIN_CALIBRATION_CASES) {
    throw new RangeError(
      `${count(cases.length, 'answered ticket')} ${cases.length === 1 ? 'is' : 'are'} too few to calibrate: at least ${MIN_CALIBRATION_CASES} are needed.`,
    );
  }
  const rows = cases.map(({ answer, other }) => answerFeatures(answer, other));
  const correct = cases.map(({ answer, intent }) => answer.intent === intent);
  const heldOut: JudgedAnswer[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const isOut = (i: number) => i % FOLDS === fold;
    const fitted = fitRows(
      rows.filter((_, i) => !isOut(i)),
      correct.filter((_, i) => !isOut(i)),
    );
    cases.forEach(({ answer, intent: expected }, i) => {
      if (!isOut(i)) return;
      const confidence = apply(fitted, rows[i]!);
      heldOut.push({ intent: answer.intent ?? '', expected, confidence, correct: correct[i]! });
    });
  }
  const content = {
    engine: options.engine,
    taxonomy: options.taxonomy,
    ...(options.asked && { model: options.asked.model, prompt: options.asked.prompt }),
    ...(options.tickets && { tickets: [...options.tickets] }),
    features: [...answerFeatureNames],
    ...fitRows(rows, correct),
    heldOut,
  };
  return { format: 1, version: calibrationVersion(content), fittedAt: options.fittedAt.toISOString(), ...content };
}

/** Hash of the content. */
export function calibrationVersion(content: Omit<EngineCalibration, 'format' | 'version' | 'fittedAt'>): string {
  const { engine, taxonomy, model, prompt, tickets, features, mean, deviation, logistic, heldOut } = content;
  // What is missing leaves no trace in the hash, so that calibrations of older versions keep theirs.
  return versionOf({ engine, taxonomy, model, prompt, tickets, features, mean, deviation, logistic, heldOut });
}

/**
 * Which of the held-out answers would count with the thresholds of a target, each judged by thresholds that were fitted
 * without it (5 folds).
 */
export function judgeHeldOut(
  { heldOut }: EngineCalibration,
  target: ConfidenceTarget,
): { readonly abstained: boolean; readonly correct: boolean }[] {
  return Array.from({ length: FOLDS }, (_, fold) => fold).flatMap((fold) => {
    const thresholds = fitThresholds({ answers: heldOut.filter((_, i) => i % FOLDS !== fold) }, target);
    return heldOut
      .filter((_, i) => i % FOLDS === fold)
      .map(({ intent, confidence, correct }) => ({
        abstained: confidence < thresholdFor(thresholds, intent),
        correct,
      }));
  });
}

export function thresholdsOf(calibration: EngineCalibration, target: ConfidenceTarget): Thresholds {
  return fitThresholds({ answers: calibration.heldOut }, target);
}

export function curveOf(calibration: EngineCalibration): CurvePoint[] {
  return precisionCoverageCurve(calibration.heldOut);
}

/** Gives an answer its calibrated confidence and lets it abstain where that is below the threshold. */
export function calibrateAnswer(options: {
  answer: Classification;
  other: Classification | null;
  calibration: EngineCalibration;
  thresholds: Thresholds;
}): Classification {
  const { answer, other, calibration, thresholds } = options;
  if (answer.intent === null) return answer;
  const confidence = apply(calibration, answerFeatures(answer, other));
  const threshold = thresholdFor(thresholds, answer.intent);
  const isUnsure = confidence < threshold;
  const shown = formatBelow({ value: confidence, limit: threshold });
  const unsure = `Calibrated confidence ${shown.value} is below the ${shown.limit} that the target needs.`;
  const left = (1 - confidence) / Math.max(1e-9, 1 - answer.confidence);
  return {
    ...answer,
    confidence,
    abstained: answer.abstained || isUnsure,
    abstainReason: answer.abstainReason ?? (isUnsure ? unsure : null),
    runnersUp: answer.runnersUp.map((rival) => ({ ...rival, confidence: Math.min(1, rival.confidence * left) })),
    versions: { ...answer.versions, thresholds: `${calibration.version}/${thresholds.version}` },
  };
}

type Fitted = { readonly mean: number[]; readonly deviation: number[]; readonly logistic: Logistic };

function fitRows(rows: readonly (readonly number[])[], correct: readonly boolean[]) {
  const mean = answerFeatureNames.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
  const deviation = mean.map((centre, i) => {
    const variance = rows.reduce((sum, row) => sum + (row[i]! - centre) ** 2, 0) / rows.length;
    return Math.sqrt(variance) || 1;
  });
  const right = correct.filter(Boolean).length;
  const wrong = correct.length - right;
  // Smoothed targets instead of 0 and 1 (Platt 1999), so that few cases do not lead to certainty.
  const targets = correct.map((is) => (is ? (right + 1) / (right + 2) : 1 / (wrong + 2)));
  const features = rows.map((row) => standardise({ mean, deviation }, row));
  const { bias, weights } = fitLogistic({ features, targets }, { ridge: RIDGE, prior: [1, 0, 0, 0, 0] });
  return { mean, deviation, logistic: { bias, weights: [...weights] } };
}

function standardise({ mean, deviation }: Pick<Fitted, 'mean' | 'deviation'>, row: readonly number[]): number[] {
  return row.map((value, i) => (value - mean[i]!) / deviation[i]!);
}

function apply(fitted: Fitted, row: readonly number[]): number {
  return probabilityOf(fitted.logistic, standardise(fitted, row));
}
