import { z } from 'zod';

export type { RetrievalSettings } from '../retrieval/settings.ts';

const usdPerMillionTokens = z.number().nonnegative();

/** Prices in USD per million tokens. Missing cache prices follow the documented factors: write 1.25x, read 0.1x. */
export const modelPriceSchema = z.strictObject({
  input: usdPerMillionTokens.describe('Price of the prompt.'),
  output: usdPerMillionTokens.describe('Price of the answer, thinking included.'),
  cacheWrite: usdPerMillionTokens
    .optional()
    .describe('Price of writing to the prompt cache; 1.25 times `input` when left out.'),
  cacheRead: usdPerMillionTokens
    .optional()
    .describe('Price of reading from the prompt cache; 0.1 times `input` when left out.'),
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
  model: z.string().min(1).default('claude-haiku-5-5').describe('Id of the model of Claude that classifies tickets.'),
  effort: z.enum(efforts).default('low').describe('How much work the model puts into an answer.'),
  thinking: z
    .enum(['disabled', 'adaptive'])
    .default('disabled')
    .describe(
      'Whether the model thinks before it answers, which is paid as output. The answer contains its reasoning either way.',
    ),
  output: z
    .enum(['json', 'xml'])
    .default('json')
    .describe('Form of the answer. json: structured outputs; xml: for models and gateways that do not support them.'),
  strategy: z
    .enum(['auto', 'flat', 'hierarchy'])
    .default('auto')
    .describe(
      'How the intent is chosen. flat: among all leaves in one call; hierarchy: level by level, a call for each; auto: by the size of the tree.',
    ),
  secondOpinion: z
    .string()
    .nullable()
    .default(null)
    .describe('Id of a stronger model that is called when the first one is not sure enough; null for none.'),
  hint: z
    .enum(['auto', 'never'])
    .default('auto')
    .describe(
      "Whether Claude is told what the embedded engine thinks of a ticket and how often it is right when as sure. auto: where that engine knows the company's tickets well enough; never: not at all.",
    ),
  deadlineMs: z
    .number()
    .int()
    .min(100)
    .max(MAX_CLAUDE_DEADLINE_MS, {
      error: `Write at most ${MAX_CLAUDE_DEADLINE_MS}: the job of a ticket expires after 180 s, and a slower answer would be asked for, and paid, again`,
    })
    .default(20_000)
    .describe('Time limit for one ticket in milliseconds, retries included; then the embedded engine decides.'),
  dailyBudgetUsd: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe(
      'Most that all processes together may spend on models in a day (UTC), in USD. Once it is used up, the embedded engine decides alone; null is no limit.',
    ),
  instructions: z.string().default('').describe('Advice in your own words that is added to the prompt.'),
  prices: z
    .record(z.string(), modelPriceSchema)
    .default({})
    .describe('Prices by model id, in USD per million tokens, in place of those of the built-in table.'),
});

/** What one model is asked with; whether there is a second opinion concerns those who build the engines. */
export type ClaudeSettings = Readonly<Omit<z.infer<typeof claudeSettingsSchema>, 'secondOpinion'>>;
