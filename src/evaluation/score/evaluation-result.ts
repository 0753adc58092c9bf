import { z } from 'zod';
import { sayingSchema } from '../../base/saying-schema.ts';
import { stages } from '../../classifiers/classifier.ts';

const share = z.number();
const nullable = z.number().nullable();
const ends = z.object({ low: share, high: share });
const interval = z.object({ value: share, low: share, high: share });

export const criterionStatuses = ['passed', 'missed', 'not-measured'] as const;

export const criterionResultSchema = z.object({
  id: z.string(),
  status: z.enum(criterionStatuses),
  passed: z.boolean(),
  /** The gate requires it. */
  required: z.boolean(),
  value: nullable,
  low: nullable,
  high: nullable,
  target: z.number(),
  /** True when the whole interval meets the target. */
  certain: z.boolean(),
  n: z.number(),
  /** A sentence on what was found, and what to do when the target is missed or could not be measured. */
  why: z.string(),
  whyFacts: sayingSchema,
  /** What is missing to measure it: people who rate, data and settings, or an engine that answers more of the tickets. */
  needs: z.enum(['people', 'data', 'engine']).nullable(),
  /** Ids of the tickets that failed this criterion. */
  failed: z.array(z.string()),
  /** The figures behind the value; their shape depends on the criterion. */
  details: z.record(z.string(), z.unknown()),
});
export type CriterionResult = z.infer<typeof criterionResultSchema>;

const intentScoreSchema = z.object({
  intent: z.string(),
  support: z.number(),
  predicted: z.number(),
  correct: z.number(),
  precision: nullable,
  recall: nullable,
  f1: z.number(),
});

const calibratedOnSchema = z.object({ engines: z.array(z.string()), ids: z.array(z.string()) });
export type CalibratedOn = z.infer<typeof calibratedOnSchema>;

/** What `evaluate --json` prints. */
export const evaluationResultSchema = z.object({
  run: z.string(),
  /** Number of tickets in scope that were answered. */
  count: z.number(),
  correct: z.number(),
  /** Share of tickets in scope whose best intent is right, abstained ones included. Wilson interval. */
  accuracy: interval.nullable(),
  macroF1: z.number(),
  /**
   * What would go live of all tickets: those for which the engine did not abstain. An accepted out-of-scope ticket is a
   * wrong answer. Missing in results of older versions.
   */
  live: z
    .object({
      coverage: share,
      precision: nullable,
      intervals: z.object({ coverage: ends, precision: ends.nullable() }),
      acceptedOutOfScope: z.number(),
    })
    .optional(),
  /** The same of tickets in scope alone. */
  selective: z.object({ targetPrecision: share, coverage: share, precision: nullable, low: nullable, high: nullable }),
  outOfScope: z
    .object({
      count: z.number(),
      auroc: nullable,
      recallAt95Acceptance: nullable,
      /** Share of out-of-scope tickets that the engine rejected with its current threshold. */
      rejected: share,
    })
    .nullable(),
  calibrationError: z.number(),
  latencyMs: z.object({ p50: nullable, p95: nullable, p99: nullable }),
  /** `totalUsd` covers one answer per ticket; `spentUsd` the whole run, with the further questions of the criteria. */
  cost: z.object({ totalUsd: z.number(), perTicketUsd: z.number(), spentUsd: z.number() }),
  leakage: z.number(),
  /** Tickets of the data set that a calibration in use was fitted on, by id: with them, figures look too good. */
  calibratedOn: calibratedOnSchema.nullable().default(null),
  /** Number of tickets without an answer; no other figure includes them. */
  unanswered: z.object({ timeout: z.number(), refused: z.number(), error: z.number() }),
  engine: z.object({ kind: z.string(), why: z.string(), whyFacts: sayingSchema }),
  perIntent: z.array(intentScoreSchema),
  stages: z.array(
    z.object({
      stage: z.enum(stages),
      count: z.number(),
      correct: z.number(),
      accuracy: nullable,
      abstained: z.number(),
      perTicketUsd: z.number(),
      p50Ms: nullable,
    }),
  ),
  criteria: z.array(criterionResultSchema),
  /** Ids of required criteria that nobody asked for (`--criteria`), so that the gate cannot pass. */
  leftOut: z.array(z.string()).optional(),
  failures: z.array(
    z.object({
      id: z.string(),
      expected: z.string().nullable(),
      predicted: z.string().nullable(),
      confidence: nullable,
      reasoning: z.string(),
      /** Why there is no answer; null when there is one. */
      error: z.string().nullable(),
    }),
  ),
});
export type EvaluationResult = z.infer<typeof evaluationResultSchema>;
