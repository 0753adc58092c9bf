import type { Usage } from '../classifier.ts';
import { bareModelId } from './models.ts';
import { type KnownPrice, knownPrices } from './prices.ts';
import type { ModelPrice } from './settings.ts';

// Factors on the input price where `claude.prices` gives no cache price (pricing page, section on prompt caching).
const CACHE_WRITE_FACTOR = 1.25;
const CACHE_WRITE_ONE_HOUR_FACTOR = 2;
const CACHE_READ_FACTOR = 0.1;
const BATCH_FACTOR = 0.5;
const PER_MILLION = 1e-6;

export type CostQuestion = {
  readonly model: string;
  readonly usage: Usage;
  /** By model id; wins over the built-in table. */
  readonly prices?: Readonly<Record<string, ModelPrice>>;
  /** The part of `usage.cacheWriteTokens` that lives an hour instead of five minutes. */
  readonly cacheWriteOneHourTokens?: number;
  /** True for the Message Batches API, which costs half. */
  readonly batch?: boolean;
};

/** The cost of a call in USD; null when neither the configuration nor the built-in table has a price for the model. */
export function costOf(question: CostQuestion): number | null {
  const { usage } = question;
  const promptTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const price = priceFor({ ...question, promptTokens });
  if (price === null) return null;
  const oneHour = Math.min(question.cacheWriteOneHourTokens ?? 0, usage.cacheWriteTokens);
  const total =
    usage.inputTokens * price.input +
    usage.cacheReadTokens * price.cacheRead +
    (usage.cacheWriteTokens - oneHour) * price.cacheWrite +
    oneHour * price.cacheWriteOneHour +
    usage.outputTokens * price.output;
  return total * PER_MILLION * (question.batch === true ? BATCH_FACTOR : 1);
}

/** The price for a prompt of this length, in USD per million tokens; null when none is known. */
export function priceFor(question: {
  readonly model: string;
  readonly prices?: Readonly<Record<string, ModelPrice>>;
  readonly promptTokens: number;
}): KnownPrice | null {
  const own = question.prices?.[question.model];
  if (own !== undefined) {
    return {
      input: own.input,
      output: own.output,
      cacheWrite: own.cacheWrite ?? own.input * CACHE_WRITE_FACTOR,
      cacheWriteOneHour: own.input * CACHE_WRITE_ONE_HOUR_FACTOR,
      cacheRead: own.cacheRead ?? own.input * CACHE_READ_FACTOR,
    };
  }
  const known = knownPrices[bareModelId(question.model)];
  if (known === undefined) return null;
  return known.above !== undefined && question.promptTokens > known.above.promptTokens ? known.above.price : known;
}
