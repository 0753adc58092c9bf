import {
  type CalibrationCase,
  type EngineCalibration,
  fitEngineCalibration,
} from '../classifiers/calibration/engine-calibration.ts';
import { sampleClassification } from './sample-values.ts';

/** A calibration that was fitted on this day of November 2026. Its content depends on the share of right answers. */
export function sampleCalibration(options: {
  engine?: string;
  taxonomy: string;
  rightOf100: number;
  day: number;
}): EngineCalibration {
  const { engine = 'local', taxonomy, rightOf100, day } = options;
  const cases = Array.from({ length: 100 }, (_, i): CalibrationCase => {
    const answer = sampleClassification({ intent: 'shipping', confidence: 0.5 + i / 250, nearestExamples: [] });
    return { answer, other: null, intent: i < rightOf100 ? 'shipping' : 'billing' };
  });
  return fitEngineCalibration({ engine, taxonomy, cases, fittedAt: new Date(Date.UTC(2026, 10, day)) });
}
