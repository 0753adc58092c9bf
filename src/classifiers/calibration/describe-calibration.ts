import { type InUse, whySetAside } from './asked-prompt.ts';
import type { ConfidenceTarget } from './confidence-target.ts';
import { accuracyOf, type EngineCalibration, judgeHeldOut, thresholdsOf } from './engine-calibration.ts';

/** The confidences from which answers count; null where no confidence is high enough. */
export type AnswersFrom = {
  readonly pooled: number | null;
  /** Of the intents that have another one. */
  readonly perIntent: Readonly<Record<string, number | null>>;
};

/** What a calibration is, without its content. */
export type CalibrationFacts = {
  readonly engine: string;
  readonly version: string;
  readonly fittedAt: string | null;
  /** What was asked when it was fitted; null for the embedded engine and for calibrations of older versions. */
  readonly model: string | null;
  readonly prompt: string | null;
  /** Number of tickets that it was fitted on. */
  readonly cases: number;
  /** Share of those in scope that the engine got right. */
  readonly accuracy: number;
  /** At the configured target: the confidences, how many of the tickets are answered, and how many answers are right. */
  readonly answersFrom: AnswersFrom;
  readonly answered: number;
  readonly right: number;
  /** Why it is not in use, as a part of a sentence; null when it is. */
  readonly setAside: string | null;
};

export function describeCalibration(
  calibration: EngineCalibration,
  { target, ...inUse }: InUse & { readonly target: ConfidenceTarget },
): CalibrationFacts {
  const { engine, version, fittedAt = null, model = null, prompt = null, heldOut } = calibration;
  const answered = judgeHeldOut(calibration, target).filter(({ abstained }) => !abstained);
  return {
    ...{ engine, version, fittedAt, model, prompt },
    cases: heldOut.length,
    accuracy: accuracyOf(calibration),
    answersFrom: answersFrom(calibration, target),
    answered: answered.length,
    right: answered.filter(({ correct }) => correct).length,
    setAside: whySetAside(calibration, inUse),
  };
}

export function answersFrom(calibration: EngineCalibration, target: ConfidenceTarget): AnswersFrom {
  const { pooled, perIntent } = thresholdsOf(calibration, target);
  const own = Object.entries(perIntent).filter(([, threshold]) => threshold !== pooled);
  const reachable = (threshold: number) => (threshold > 1 ? null : threshold);
  return {
    pooled: reachable(pooled),
    perIntent: Object.fromEntries(own.map(([intent, threshold]) => [intent, reachable(threshold)])),
  };
}
