import { z } from 'zod';
import { sayingSchema } from '../../base/saying-schema.ts';
import { runManifestSchema } from '../../evaluation/run/run-manifest.ts';
import { evaluationResultSchema } from '../../evaluation/score/evaluation-result.ts';

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** The id of a run, as in `runs list`; also the beginning of one, or `latest`. */
const runIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w-]{0,99}$/, 'must be the id of a run, the beginning of one, or "latest"')
  .meta({ examples: ['20261122-183015-4f2a', 'latest'] });

export const runParamsSchema = z.object({ id: runIdSchema });

export const runQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).optional().describe('50 unless said.'),
});

export const runSummarySchema = z.object({
  run: z.string(),
  startedAt: z.iso.datetime(),
  classifier: z.string(),
  datasetFiles: z.array(z.string()).readonly(),
  dataset: z.string().describe('Runs with the same value are about the same tickets, and can be compared.'),
  tickets: z.number().int(),
  answers: z.number().int(),
  complete: z.boolean().describe('False while the run can be resumed.'),
  accuracy: interval.nullable(),
  passed: z.number().int().describe('Criteria whose target was met.'),
  criteria: z.number().int(),
  gate: z.boolean().nullable().describe('Whether every required criterion passed; null while it is not complete.'),
  spentUsd: z.number(),
  only: z.array(z.string()).readonly().nullable().describe('The ids of its criteria, when they are not all.'),
  config: z.string().nullable(),
  calibrations: z.array(z.object({ engine: z.string(), version: z.string() })).readonly(),
  stored: z.object({ count: z.number(), version: z.string() }).nullable(),
  settings: z.string(),
});

export const runListSchema = z.object({
  folder: z.string().describe('Where runs are read from: `evaluation.runs` of the configuration.'),
  total: z.number().int(),
  items: z.array(runSummarySchema).readonly().describe('The newest first.'),
});

export const runSchema = z.object({
  manifest: runManifestSchema.describe('Everything needed to repeat the run.'),
  answers: z.number().int(),
  score: evaluationResultSchema.nullable().describe('What `evaluate --json` prints; null while it is not complete.'),
  gate: z
    .object({
      passed: z.boolean(),
      missing: z.array(z.string()).readonly().describe('Required criteria that were missed or not measured.'),
      leftOut: z.array(z.string()).readonly().describe('Required criteria that the run was not asked for.'),
    })
    .nullable()
    .describe('May it go live? What `evaluate --gate` decides by; null while the run is not complete.'),
  scales: z
    .record(
      z.string(),
      z.object({
        unit: z.enum(['share', 'points', 'milliseconds', 'rating', 'error']),
        better: z.enum(['higher', 'lower']),
      }),
    )
    .describe('How to read the values of each criterion, by its id.'),
});

export const comparisonQuerySchema = z.strictObject({ first: runIdSchema, second: runIdSchema });

const runFiguresSchema = z.object({
  run: z.string(),
  engine: z.string(),
  engineFacts: sayingSchema,
  correct: z.number().int(),
  accuracy: interval.nullable(),
  perTicketUsd: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
});

const changedTicketSchema = z.object({
  id: z.string(),
  expected: z.string(),
  first: z.string().nullable(),
  second: z.string().nullable(),
});

/** What `compare --json` prints. */
export const comparisonSchema = z.object({
  first: runFiguresSchema,
  second: runFiguresSchema,
  count: z.number().int().describe('Tickets in scope that both runs answered.'),
  difference: interval.nullable().describe('Accuracy of the second run minus that of the first.'),
  mcNemar: z.object({
    onlyFirst: z.number().int(),
    onlySecond: z.number().int(),
    pValue: z.number(),
    method: z.enum(['exact', 'chi-squared']),
  }),
  verdict: z.enum(['second-better', 'first-better', 'no-difference-shown', 'nothing-to-compare']),
  why: z.string(),
  whyFacts: sayingSchema,
  detectable: z.number().nullable().describe('The smallest difference that this many tickets could show.'),
  fixed: z.array(changedTicketSchema).readonly().describe('Wrong in the first run, right in the second.'),
  broken: z.array(changedTicketSchema).readonly().describe('Right in the first run, wrong in the second.'),
  differences: z.array(z.string()).readonly().describe('What differs between the runs besides their answers.'),
  differencesFacts: sayingSchema,
});
