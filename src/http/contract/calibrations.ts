import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { calibratedEngines } from '../../classifiers/calibration/calibrations.ts';
import { engineCalibrationSchema } from '../../classifiers/calibration/engine-calibration.ts';

export const calibrationBodySchema = engineCalibrationSchema.describe(
  'The content of calibration/ENGINE.json in the data folder, as `switchboard calibrate` wrote it.',
);

export const calibrationAppliedSchema = z.object({
  engine: z.string(),
  version: z.string().describe('The value of `versions.thresholds` in classifications from now on.'),
});

const confidence = z.number().nullable().describe('Null where no confidence is high enough.');

export const calibrationListSchema = z.object({
  items: z.array(
    z.object({
      engine: z.string(),
      version: z.string(),
      fittedAt: z.string().nullable(),
      model: z.string().nullable().describe('The model that was asked; null for the embedded engine.'),
      prompt: z.string().nullable().describe('The version of the prompt that it was asked with.'),
      cases: z.number().describe('Number of tickets that it was fitted on.'),
      accuracy: z.number().describe('Share of those in scope that the engine got right.'),
      answersFrom: z
        .object({ pooled: confidence, perIntent: z.record(z.string(), confidence) })
        .describe(
          'The confidences from which answers count at the configured target, with intents that have their own.',
        ),
      answered: z.number().describe('How many of the tickets are answered at that target.'),
      right: z.number().describe('How many of these answers are right.'),
      setAside: z.string().nullable().describe('Why it is not in use; null when it is.'),
      appliedAt: z.string(),
      actor: actorSchema.describe('Who applied it.'),
    }),
  ),
});

export const calibratedEngineSchema = z.enum(calibratedEngines);
