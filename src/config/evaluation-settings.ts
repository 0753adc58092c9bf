import { z } from 'zod';
import { explainPercent } from '../base/share.ts';

/** What an evaluation can measure against a target. */
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

/** Ranges and units of targets; the targets of all other criteria are shares between 0 and 1. */
const otherTargets: Partial<Record<CriterionId, { least: number; most: number; unit: string }>> = {
  explainability: { least: 1, most: 5, unit: 'a rating from 1 to 5' },
  'response-time': { least: 1, most: 3_600_000, unit: 'a time in milliseconds' },
  // Above 1, Switchboard may cost more than the current method.
  cost: { least: 0, most: 10, unit: 'a share of the cost of the current method, such as 0.5' },
};

/** Says why a target makes no sense, and what to write; null when it does, or when the schema reports it. */
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

/** `evaluation:` of the configuration. It is not in src/evaluation because that room imports the configuration. */
export const evaluationSettingsSchema = z.strictObject({
  dataset: z
    .union([z.string().transform((file) => [file]), z.array(z.string()).min(1)])
    .optional()
    .describe('Files of labelled tickets, which are scored as one data set.'),
  runs: z
    .string()
    .optional()
    .describe(
      'Folder of the runs. When left out, the server reads `runs` beside the configuration, and commands use `runs` in the working folder.',
    ),
  adaptation: z
    .strictObject({
      taxonomy: z
        .string()
        .optional()
        .describe('File of intents that the taxonomy does not have yet; they are added below their parents.'),
      train: z.string().describe('File of labelled tickets to learn the new intents from.'),
      test: z
        .string()
        .optional()
        .describe('File of labelled tickets to measure with; when left out, those of the data set.'),
    })
    .optional()
    .describe(
      'New intents for the criterion adaptation. When left out, some known intents are withheld and learned again.',
    ),
  targets: z
    .record(z.string(), z.number())
    .default({})
    .describe('Target by id of the criterion, in place of the default.'),
  required: z
    .array(z.string())
    .default([])
    .describe('Ids of the criteria that must pass for --gate; every criterion when empty.'),
  currentMethod: z
    .strictObject({
      costUsdPerTicket: z
        .number()
        .positive()
        .nullable()
        .default(null)
        .describe('Cost in USD of classifying one ticket today, for example the time of an agent.'),
    })
    .prefault({})
    .describe('How tickets are routed today, for the criterion cost.'),
});
