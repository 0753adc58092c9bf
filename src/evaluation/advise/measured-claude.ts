import type { ConfidenceTarget } from '../../classifiers/calibration/confidence-target.ts';
import { type EngineCalibration, judgeHeldOut } from '../../classifiers/calibration/engine-calibration.ts';
import { type LiveFigures, liveFigures } from '../metrics/live.ts';
import { type Interval, wilsonInterval } from '../metrics/wilson-interval.ts';

/** What a calibration has found out about Claude. */
export type MeasuredClaude = {
  readonly tickets: number;
  /** Share of the tickets in scope that it got right. */
  readonly accuracy: Interval;
  /** What it answers at the target. */
  readonly live: LiveFigures;
};

/** Null when none of the tickets of the calibration was in scope. */
export function measuredClaude(calibration: EngineCalibration, target: ConfidenceTarget): MeasuredClaude | null {
  const { heldOut } = calibration;
  const inScope = heldOut.filter(({ expected }) => expected !== null);
  const right = inScope.filter(({ correct }) => correct).length;
  const accuracy = wilsonInterval({ successes: right, count: inScope.length });
  return accuracy && { tickets: heldOut.length, accuracy, live: liveFigures(judgeHeldOut(calibration, target)) };
}
