import { z } from 'zod';
import { stages } from '../../classifiers/classifier.ts';

const share = z.number();
const nullable = z.number().nullable();
const interval = z.object({ value: share, low: share, high: share });

export const criterionStatuses = ['passed', 'missed', 'not-measured'] as const;

export const criterionResultSchema = z.object({
  id: z.string(),
  status: z.enum(criterionStatuses),
  passed: z.boolean(),
  /** The gate needs it. */
  required: z.boolean(),
  value: nullable,
  low: nullable,
  high: nullable,
  target: z.number(),
  /** The whole interval meets the target. */
  certain: z.boolean(),
  n: z.number(),
  /** For people: what was found, and what to do where it missed or could not be measured. */
  why: z.string(),
  /** What stands in the way of measuring it: people who rate, or data and settings. */
  needs: z.enum(['people', 'data']).nullable(),
  /** Ids of the tickets that failed it. */
  failed: z.array(z.string()),
  /** The figures behind the value; the shape is the criterion's own. */
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

/** What `evaluate --json` prints. */
export const evaluationResultSchema = z.object({
  run: z.string(),
  /** Tickets in scope that were answered. */
  count: z.number(),
  correct: z.number(),
  /** Forced choice over tickets in scope: the best intent, whether or not it would abstain. Wilson interval. */
  accuracy: interval.nullable(),
  macroF1: z.number(),
  /** What would go live: tickets in scope for which the engine did not abstain. */
  selective: z.object({ targetPrecision: share, coverage: share, precision: nullable, low: nullable, high: nullable }),
  outOfScope: z
    .object({
      count: z.number(),
      auroc: nullable,
      recallAt95Acceptance: nullable,
      /** Share that the engine turned away with the threshold it has. */
      rejected: share,
    })
    .nullable(),
  calibrationError: z.number(),
  latencyMs: z.object({ p50: nullable, p95: nullable, p99: nullable }),
  /** `totalUsd` is for one answer a ticket; `spentUsd` is what the whole run cost, with what the criteria asked further. */
  cost: z.object({ totalUsd: z.number(), perTicketUsd: z.number(), spentUsd: z.number() }),
  leakage: z.number(),
  /** Tickets without an answer; they are in no other figure. */
  unanswered: z.object({ timeout: z.number(), refused: z.number(), error: z.number() }),
  engine: z.object({ kind: z.string(), why: z.string() }),
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
  failures: z.array(
    z.object({
      id: z.string(),
      expected: z.string().nullable(),
      predicted: z.string().nullable(),
      confidence: nullable,
      reasoning: z.string(),
      /** Why there is no answer, where there is none. */
      error: z.string().nullable(),
    }),
  ),
});
export type EvaluationResult = z.infer<typeof evaluationResultSchema>;
