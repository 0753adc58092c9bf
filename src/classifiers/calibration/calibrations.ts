import type { Classification } from '../classifier.ts';
import type { ConfidenceTarget } from './confidence-target.ts';
import { calibrateAnswer, type EngineCalibration, thresholdsOf } from './engine-calibration.ts';
import type { Thresholds } from './thresholds.ts';
import { judgeUncalibrated } from './uncalibrated.ts';

/** The engines that `switchboard calibrate` fits, by the stage of their answers. */
export const calibratedEngines = ['local', 'claude', 'second-opinion'] as const;
export type CalibratedEngine = (typeof calibratedEngines)[number];

/** The calibrations in use. Engines call `get` for each ticket, so that a new calibration applies at once. */
export type Calibrations = {
  /** Null while the engine has none. */
  get(engine: CalibratedEngine): EngineCalibration | null;
};

export const noCalibrations: Calibrations = { get: () => null };

/** Applies the calibration of one engine, with the thresholds that follow from the target. */
export type Calibrator = {
  /** `other` is the answer of another engine, or null. Returns null while there is no calibration. */
  calibrate(options: { answer: Classification; other: Classification | null }): Classification | null;
  /** The same; while there is no calibration, the answer abstains where its own confidence is below the target. */
  judge(options: { answer: Classification; other: Classification | null }): Classification;
};

export function createCalibrator(options: {
  engine: CalibratedEngine;
  calibrations: Calibrations;
  target: ConfidenceTarget;
}): Calibrator {
  const { engine, calibrations, target } = options;
  let latest: { readonly calibration: EngineCalibration; readonly thresholds: Thresholds } | null = null;
  const current = () => {
    const calibration = calibrations.get(engine);
    if (calibration === null) return null;
    if (latest?.calibration !== calibration) latest = { calibration, thresholds: thresholdsOf(calibration, target) };
    return latest;
  };
  const calibrate: Calibrator['calibrate'] = ({ answer, other }) => {
    const fitted = current();
    return fitted === null ? null : calibrateAnswer({ answer, other, target, ...fitted });
  };
  return {
    calibrate,
    judge: ({ answer, other }) => calibrate({ answer, other }) ?? judgeUncalibrated({ answer, other, target }),
  };
}
