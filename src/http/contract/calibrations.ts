import { z } from 'zod';
import { engineCalibrationSchema } from '../../classifiers/calibration/engine-calibration.ts';

export const calibrationBodySchema = engineCalibrationSchema.describe(
  'The content of calibration/ENGINE.json in the data folder, as `switchboard calibrate` wrote it.',
);

export const calibrationAppliedSchema = z.object({
  engine: z.string(),
  version: z.string().describe('The value of `versions.thresholds` in classifications from now on.'),
});
