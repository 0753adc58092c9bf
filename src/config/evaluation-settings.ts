import { z } from 'zod';

/** What a run can be held to. */
export const criterionIds = [
  'routing-accuracy',
  'consistency',
  'adaptation',
  'multilingual',
  'edge-cases',
  'bias',
  'prompt-efficiency',
  'explainability',
  'abstention',
  'calibration',
  'cost',
  'response-time',
] as const;
export type CriterionId = (typeof criterionIds)[number];

/** `evaluation:` of the configuration. It lives here because src/evaluation itself reads the configuration. */
export const evaluationSettingsSchema = z.strictObject({
  dataset: z
    .union([z.string().transform((file) => [file]), z.array(z.string()).min(1)])
    .optional()
    .describe('Files of labelled tickets, scored together.'),
  adaptation: z
    .strictObject({
      taxonomy: z.string().optional().describe('Intents that the tree does not know yet, added below their parents.'),
      train: z.string().describe('Labelled tickets to learn those intents from.'),
      test: z.string().optional().describe('Labelled tickets to ask about; those of the data set when left out.'),
    })
    .optional()
    .describe('For the criterion adaptation: new intents. Without it some intents are withheld and learned again.'),
  targets: z.record(z.string(), z.number()).default({}).describe('Target by criterion id; overrides the default.'),
  required: z
    .array(z.string())
    .default([])
    .describe('Ids of the criteria that the gate needs; all of them when empty.'),
  currentMethod: z.strictObject({ costUsdPerTicket: z.number().positive().nullable().default(null) }).prefault({}),
});
