import type { ModelPrice } from '../../claude/settings.ts';

/**
 * USD per million tokens by model, without the free tokens of an account. Source: Voyage's price list as several third
 * parties quoted it in November 2026, with the same figures. Batches are cheaper and not used here.
 */
const usdPerMillionTokens: Readonly<Record<string, number>> = {
  'voyage-4-large': 0.12,
  'voyage-4': 0.06,
  'voyage-4-lite': 0.02,
};

/** The cost of embedding in USD; null for a model whose price is not known. */
export function voyageCostUsd(options: {
  model: string;
  tokens: number;
  /** By model id; they override the table above. */
  prices?: Readonly<Record<string, ModelPrice>> | undefined;
}): number | null {
  const { model, tokens, prices } = options;
  const price = prices?.[model]?.input ?? usdPerMillionTokens[model];
  return price === undefined ? null : (price * tokens) / 1_000_000;
}
