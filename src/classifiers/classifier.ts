import { z } from 'zod';
import { sayingSchema } from '../base/saying-schema.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { type Ticket, urgencies } from '../ticket/ticket.ts';

/** `correction`: a person gave the same words their intent, and no engine was asked; `none`: no engine answered. */
export const stages = ['local', 'claude', 'second-opinion', 'correction', 'none'] as const;
export const sentiments = ['negative', 'neutral', 'positive'] as const;
/** How sure a model says it is. A statement, not a probability. */
export const certainties = ['sure', 'likely', 'unsure', 'none_fits'] as const;
export type Certainty = (typeof certainties)[number];

export const usageSchema = z.object({
  /** Tokens of the prompt that were neither read from nor written to the cache. */
  inputTokens: z.number().int().nonnegative(),
  cacheReadTokens: z.number().int().nonnegative(),
  cacheWriteTokens: z.number().int().nonnegative(),
  /** All tokens written, thinking included. */
  outputTokens: z.number().int().nonnegative(),
  thinkingTokens: z.number().int().nonnegative(),
});
export type Usage = z.infer<typeof usageSchema>;

export const noUsage: Usage = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  thinkingTokens: 0,
};

const probability = z.number().min(0).max(1);
export const rankedIntentSchema = z.object({ intent: z.string(), confidence: probability });
export type RankedIntent = z.infer<typeof rankedIntentSchema>;

export const nearestExampleSchema = z.object({ id: z.string(), intent: z.string(), similarity: z.number() });
export type NearestExample = z.infer<typeof nearestExampleSchema>;

/** Versions of everything that shaped a classification; null for parts that the engine does not use. */
export const versionsSchema = z.object({
  taxonomy: z.string(),
  prompt: z.string().nullable(),
  examples: z.string().nullable(),
  thresholds: z.string().nullable(),
});
export type Versions = z.infer<typeof versionsSchema>;

/** What a classifier returns for one ticket. Parts that an engine cannot give are null or empty, never invented. */
export const classificationSchema = z.object({
  /** The best leaf, also when abstaining; null only when no engine named one. */
  intent: z.string().nullable(),
  /** Calibrated probability that `intent` is right; 1 for a person's correction, which is no estimate. */
  confidence: probability,
  abstained: z.boolean(),
  abstainReason: z.string().nullable(),
  abstainFacts: sayingSchema,
  /** For the agent who reads the ticket. */
  reasoning: z.string(),
  reasoningFacts: sayingSchema,
  /** Words that led to the intent, exactly as they are written in the ticket. */
  decidingWords: z.array(z.string()),
  runnersUp: z.array(rankedIntentSchema),
  nearestExamples: z.array(nearestExampleSchema),
  secondaryIntents: z.array(z.string()),
  urgency: z.enum(urgencies).nullable(),
  sentiment: z.enum(sentiments).nullable(),
  language: z.string().nullable(),
  /** Who gave this answer. */
  stage: z.enum(stages),
  /** Why that engine answered, and what failed before it. */
  stageReason: z.string(),
  stageFacts: sayingSchema,
  model: z.string().nullable(),
  /** What a model said of its own answer; left out by engines that say nothing of the kind. */
  stated: z
    .object({
      certainty: z.enum(certainties),
      /** Whether it was shown the embedded engine's opinion: agreeing with that engine then proves nothing. */
      sawOpinion: z.boolean(),
    })
    .optional(),
  /** True where the ticket is like no example, so that no calibration makes the answer count; left out elsewhere. */
  isUnfamiliar: z.boolean().optional(),
  /** True where people have given the same words different intents; left out elsewhere. */
  peopleDisagree: z.boolean().optional(),
  versions: versionsSchema,
  usage: usageSchema,
  costUsd: z.number().nonnegative(),
  latencyMs: z.number().nonnegative(),
});
export type Classification = z.infer<typeof classificationSchema>;

export type ClassifyRequest = {
  readonly ticket: Ticket;
  readonly taxonomy: Taxonomy;
  /** Stops the work early; the classifier then rejects with a `ClassifierError`. */
  readonly signal?: AbortSignal;
  /**
   * The time by which the answer is needed, in ms of `performance.now()`. Several engines may work on one ticket in
   * turn and share this time. An engine that can shorten its work returns what it has by then, instead of rejecting.
   */
  readonly deadlineAt?: number;
};

/** The type that every engine implements, a user's own model included. */
export type Classifier = {
  /** Names the engine in logs and reports, for example `local`. */
  readonly id: string;
  /** Throws `ClassifierError` when it cannot answer; "I don't know" is an answer (`abstained`). */
  classify(request: ClassifyRequest): Promise<Classification>;
  close?(): Promise<void>;
};
