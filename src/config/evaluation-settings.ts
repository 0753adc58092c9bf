import { z } from 'zod';
import { explainPercent } from '../base/share.ts';

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

/** What a target may be; the others are shares. */
const otherTargets: Partial<Record<CriterionId, { least: number; most: number; unit: string }>> = {
  explainability: { least: 1, most: 5, unit: 'a rating from 1 to 5' },
  'response-time': { least: 1, most: 3_600_000, unit: 'a time in milliseconds' },
  // More than the method of today is a target, too.
  cost: { least: 0, most: 10, unit: 'a share of the cost of the method of today, such as 0.5' },
};

/** Why no run can be held to this target, and what to write; null when one can, or when the schema says why not. */
export function findTargetFault(
  id: string,
  value: unknown,
): { readonly message: string; readonly cure: string } | null {
  const criterion = criterionIds.find((known) => known === id);
  if (criterion === undefined || typeof value !== 'number') return null;
  const { least, most, unit } = otherTargets[criterion] ?? { least: 0, most: 1, unit: 'a share between 0 and 1' };
  if (value >= least && value <= most) return null;
  const percent = criterion in otherTargets ? null : explainPercent(value);
  return { message: `the target is ${value}`, cure: percent ?? `Write ${unit}.` };
}

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
