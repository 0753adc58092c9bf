import { z } from 'zod';
import { engineCalibrationSchema } from '../../classifiers/calibration/engine-calibration.ts';

/** Its held-out answers are a few dozen bytes for each labelled ticket. */
export const CALIBRATION_LIMIT_BYTES = 16_000_000;

export const calibrationBodySchema = engineCalibrationSchema.describe(
  'What `switchboard calibrate` has written to calibration/ENGINE.json in the data folder.',
);

export const calibrationAppliedSchema = z.object({
  engine: z.string(),
  version: z.string().describe('As in `versions.thresholds` of the classifications that follow.'),
});
