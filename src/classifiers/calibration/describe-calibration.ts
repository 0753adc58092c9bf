import { type InUse, whySetAside } from './asked-prompt.ts';
import { accuracyOf, type EngineCalibration } from './engine-calibration.ts';

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
  /** Why it is not in use, as a part of a sentence; null when it is. */
  readonly setAside: string | null;
};

export function describeCalibration(calibration: EngineCalibration, inUse: InUse): CalibrationFacts {
  const { engine, version, fittedAt = null, model = null, prompt = null, heldOut } = calibration;
  return {
    ...{ engine, version, fittedAt, model, prompt },
    cases: heldOut.length,
    accuracy: accuracyOf(calibration),
    setAside: whySetAside(calibration, inUse),
  };
}
