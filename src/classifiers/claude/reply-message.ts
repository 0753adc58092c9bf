import { z } from 'zod';
import { InputError } from '../../errors.ts';
import type { Usage } from '../classifier.ts';

const count = z.number().int().nonnegative().nullish();

/** The fields of a Messages API reply that are read; further fields are allowed. The SDK's `Message` fits this type. */
const replyMessageSchema = z.object({
  model: z.string(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullish(),
  stop_details: z.object({ category: z.string().nullish() }).nullish(),
  usage: z.object({
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
    cache_creation: z.object({ ephemeral_1h_input_tokens: count }).nullish(),
    output_tokens_details: z.object({ thinking_tokens: count }).nullish(),
    service_tier: z.string().nullish(),
  }),
});
export type ReplyMessage = z.infer<typeof replyMessageSchema>;

/** Reads a reply that came from a file or over the wire. Throws `InputError`. */
export function parseReplyMessage(value: unknown): ReplyMessage {
  const parsed = replyMessageSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InputError({
    message: 'This is not a reply of the Messages API (an object with model, content and usage).',
    issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  });
}

export type ReplyUsage = {
  readonly usage: Usage;
  /** The part of `usage.cacheWriteTokens` that lives an hour, which costs more. */
  readonly cacheWriteOneHourTokens: number;
  /** True when the batch price applies. */
  readonly batch: boolean;
};

export function mapUsage({ usage }: Pick<ReplyMessage, 'usage'>): ReplyUsage {
  return {
    usage: {
      inputTokens: usage.input_tokens ?? 0,
      cacheReadTokens: usage.cache_read_input_tokens ?? 0,
      cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
      outputTokens: usage.output_tokens ?? 0,
      thinkingTokens: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
    cacheWriteOneHourTokens: usage.cache_creation?.ephemeral_1h_input_tokens ?? 0,
    batch: usage.service_tier === 'batch',
  };
}
