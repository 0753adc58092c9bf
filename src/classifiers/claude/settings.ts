import { z } from 'zod';

export type { RetrievalSettings } from '../retrieval/settings.ts';

const usdPerMillionTokens = z.number().nonnegative();

/** Prices in USD per million tokens. Missing cache prices follow the documented factors: write 1.25x, read 0.1x. */
export const modelPriceSchema = z.strictObject({
  input: usdPerMillionTokens,
  output: usdPerMillionTokens,
  cacheWrite: usdPerMillionTokens.optional(),
  cacheRead: usdPerMillionTokens.optional(),
});
export type ModelPrice = Readonly<z.infer<typeof modelPriceSchema>>;

const efforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof efforts)[number];

/**
 * A job expires after 180 s (src/queue/jobs.ts) and the ticket is then asked about, and paid for, again: the rest
 * of its work needs the minute that is left.
 */
export const MAX_CLAUDE_DEADLINE_MS = 120_000;

/** `claude:` of the configuration. */
export const claudeSettingsSchema = z.strictObject({
  model: z.string().default('claude-haiku-5-5').describe('Id of the model of Claude.'),
  effort: z.enum(efforts).default('low').describe('How much the model works on an answer.'),
  thinking: z
    .enum(['disabled', 'adaptive'])
    .default('disabled')
    .describe('Thinking before the answer; it is paid as output. The justification is in the answer anyway.'),
  output: z
    .enum(['json', 'xml'])
    .default('json')
    .describe('Structured outputs, or XML tags for models and gateways without them.'),
  strategy: z
    .enum(['auto', 'flat', 'hierarchy'])
    .default('auto')
    .describe('All leaves in one question (flat), level by level (hierarchy), or by the size of the tree (auto).'),
  secondOpinion: z
    .string()
    .nullable()
    .default(null)
    .describe('Id of a stronger model that is asked when the first is unsure.'),
  deadlineMs: z
    .number()
    .int()
    .min(100)
    .max(MAX_CLAUDE_DEADLINE_MS, {
      error: `Write at most ${MAX_CLAUDE_DEADLINE_MS}: the job of a ticket expires after 180 s, and a slower answer would be asked for, and paid, again`,
    })
    .default(20_000)
    .describe('Time for one ticket in milliseconds, retries included; then the embedded engine answers.'),
  dailyBudgetUsd: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Money for a day; beyond it the embedded engine answers.'),
  instructions: z.string().default('').describe('Advice for the whole tree, in your words.'),
  prices: z
    .record(z.string(), modelPriceSchema)
    .default({})
    .describe('USD per million tokens by model id; overrides the built-in table.'),
});

/** What one model is asked with; whether there is a second opinion concerns those who build the engines. */
export type ClaudeSettings = Readonly<Omit<z.infer<typeof claudeSettingsSchema>, 'secondOpinion'>>;
