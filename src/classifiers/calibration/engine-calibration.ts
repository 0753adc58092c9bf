import { z } from 'zod';
import { versionOf } from '../../base/hash.ts';
import { count } from '../../base/plural.ts';
import { type Saying, say } from '../../base/say.ts';
import type { Classification } from '../classifier.ts';
import { answerFeatureNames, answerFeatures } from './answer-features.ts';
import type { AskedPrompt } from './asked-prompt.ts';
import { weightsByIntent } from './class-balance.ts';
import { belowThreshold, type ConfidenceTarget } from './confidence-target.ts';
import { fitLogistic, type Logistic, probabilityOf } from './logistic.ts';
import { scaleRunnersUp } from './scale-runners-up.ts';
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
      /** True where the engine abstains whatever its confidence is (`abstainsAnyway`); left out elsewhere. */
      abstained: z.boolean().optional(),
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
 * judged by a fit that it was part of. Every intent counts the same, however many of the tickets have it. Tickets on which
 * the engine abstains anyway are part of `heldOut` only. Throws `RangeError` with fewer than `MIN_CALIBRATION_CASES` others.
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
  const [cases, abstained] = partition(options.cases, ({ answer }) => !abstainsAnyway(answer));
  if (cases.length < MIN_CALIBRATION_CASES) {
    throw new RangeError(
      `${count(cases.length, 'answered ticket')} ${cases.length === 1 ? 'is' : 'are'} too few to calibrate: at least ${MIN_CALIBRATION_CASES} are needed.`,
    );
  }
  const rows = cases.map(({ answer, other, intent }) => ({
    features: answerFeatures(answer, other),
    correct: answer.intent === intent,
    expected: intent,
  }));
  const heldOut: EngineCalibration['heldOut'] = abstained.map(({ answer, intent }) => ({
    intent: answer.intent ?? '',
    expected: intent,
    confidence: 0,
    correct: answer.intent === intent && intent !== null,
    abstained: true,
  }));
  for (let fold = 0; fold < FOLDS; fold++) {
    const isOut = (i: number) => i % FOLDS === fold;
    const fitted = fitRows(rows.filter((_, i) => !isOut(i)));
    cases.forEach(({ answer, intent: expected }, i) => {
      if (!isOut(i)) return;
      const { features, correct } = rows[i]!;
      heldOut.push({ intent: answer.intent ?? '', expected, confidence: apply(fitted, features), correct });
    });
  }
  const content = {
    engine: options.engine,
    taxonomy: options.taxonomy,
    ...(options.asked && { model: options.asked.model, prompt: options.asked.prompt }),
    ...(options.tickets && { tickets: [...options.tickets] }),
    features: [...answerFeatureNames],
    ...fitRows(rows),
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
 * Whether an engine abstains on a ticket whatever a calibration says: it named no intent, says that none fits, or knows no
 * example like it.
 */
export function abstainsAnyway({ intent, isUnfamiliar, stated }: Classification): boolean {
  return intent === null || isUnfamiliar === true || stated?.certainty === 'none_fits';
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/**
 * Which of the held-out answers would count with the thresholds of a target, each judged by thresholds that were fitted
 * without it (5 folds).
 */
export function judgeHeldOut(
  { heldOut }: EngineCalibration,
  target: ConfidenceTarget,
): { readonly abstained: boolean; readonly correct: boolean; readonly expected: string | null }[] {
  return Array.from({ length: FOLDS }, (_, fold) => fold).flatMap((fold) => {
    const thresholds = thresholdsOf({ heldOut: heldOut.filter((_, i) => i % FOLDS !== fold) }, target);
    return heldOut
      .filter((_, i) => i % FOLDS === fold)
      .map(({ intent, expected = intent, confidence, correct, abstained }) => ({
        expected,
        abstained: abstained === true || confidence < thresholdFor(thresholds, intent),
        correct,
      }));
  });
}

export function thresholdsOf({ heldOut }: Pick<EngineCalibration, 'heldOut'>, target: ConfidenceTarget): Thresholds {
  return fitThresholds({ answers: heldOut.filter(({ abstained }) => abstained !== true) }, target);
}

/** Share of the tickets in scope that the engine got right, whether or not it would abstain. */
export function accuracyOf({ heldOut }: EngineCalibration): number {
  const inScope = heldOut.filter(({ expected }) => expected !== null);
  return inScope.filter(({ correct }) => correct).length / Math.max(1, inScope.length);
}

/** Gives an answer its calibrated confidence and lets it abstain where that is below the threshold. */
export function calibrateAnswer(options: {
  answer: Classification;
  other: Classification | null;
  calibration: EngineCalibration;
  thresholds: Thresholds;
  /** What the thresholds were fitted for. */
  target: ConfidenceTarget;
}): Classification {
  const { answer, other, calibration, thresholds, target } = options;
  if (answer.intent === null) return answer;
  if (answer.isUnfamiliar === true) return abstaining(answer);
  const confidence = apply(calibration, answerFeatures(answer, other));
  const threshold = thresholdFor(thresholds, answer.intent);
  const isUnsure = confidence < threshold;
  const why = isUnsure ? whyUnsure({ stage: answer.stage, confidence, threshold, target }) : null;
  return {
    ...answer,
    confidence,
    abstained: answer.abstained || isUnsure,
    ...(answer.abstainReason === null && why !== null && { abstainReason: why.text, abstainFacts: why.facts }),
    runnersUp: scaleRunnersUp(answer.runnersUp, { from: answer.confidence, to: confidence }),
    versions: { ...answer.versions, thresholds: `${calibration.version}/${thresholds.version}` },
  };
}

function abstaining(answer: Classification): Classification {
  if (answer.abstainReason !== null) return { ...answer, abstained: true };
  const { text, facts } = say(
    'engine.unlike-examples',
    'It is no more like the examples than a ticket that fits no intent.',
  );
  return { ...answer, abstained: true, abstainReason: text, abstainFacts: facts };
}

function whyUnsure(options: Parameters<typeof belowThreshold>[0]): Saying {
  return options.threshold > 1
    ? say(
        'engine.never-sure-calibrated',
        'On the tickets of the calibration, no confidence was high enough to rely on such answers.',
      )
    : belowThreshold(options);
}

type Fitted = { readonly mean: number[]; readonly deviation: number[]; readonly logistic: Logistic };
type Row = { readonly features: readonly number[]; readonly correct: boolean; readonly expected: string | null };

function fitRows(rows: readonly Row[]) {
  const mean = answerFeatureNames.map(
    (_, i) => rows.reduce((sum, { features }) => sum + features[i]!, 0) / rows.length,
  );
  const deviation = mean.map((centre, i) => {
    const variance = rows.reduce((sum, { features }) => sum + (features[i]! - centre) ** 2, 0) / rows.length;
    return Math.sqrt(variance) || 1;
  });
  const right = rows.filter(({ correct }) => correct).length;
  const wrong = rows.length - right;
  // Smoothed targets instead of 0 and 1 (Platt 1999), so that few cases do not lead to certainty.
  const targets = rows.map(({ correct }) => (correct ? (right + 1) / (right + 2) : 1 / (wrong + 2)));
  const features = rows.map((row) => standardise({ mean, deviation }, row.features));
  const { bias, weights } = fitLogistic(
    { features, targets, caseWeights: weightsByIntent(rows.map(({ expected }) => expected)) },
    { ridge: RIDGE, prior: [1, 0, 0, 0, 0] },
  );
  return { mean, deviation, logistic: { bias, weights: [...weights] } };
}

function standardise({ mean, deviation }: Pick<Fitted, 'mean' | 'deviation'>, row: readonly number[]): number[] {
  return row.map((value, i) => (value - mean[i]!) / deviation[i]!);
}

function apply(fitted: Fitted, row: readonly number[]): number {
  return probabilityOf(fitted.logistic, standardise(fitted, row));
}
