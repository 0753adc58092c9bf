import type { ModelPrice } from '../../claude/settings.ts';

/**
 * USD per million tokens by model, on top of what an account has free. Source: Voyage's price list as third parties
 * gave it in November 2026, all the same; batches are cheaper and not used here.
 */
const usdPerMillionTokens: Readonly<Record<string, number>> = {
  'voyage-4-large': 0.12,
  'voyage-4': 0.06,
  'voyage-4-lite': 0.02,
};

/** Null for a model whose price is not known. */
export function voyageCostUsd(options: {
  model: string;
  tokens: number;
  /** By model id; win over the table above. */
  prices?: Readonly<Record<string, ModelPrice>> | undefined;
}): number | null {
  const { model, tokens, prices } = options;
  const price = prices?.[model]?.input ?? usdPerMillionTokens[model];
  return price === undefined ? null : (price * tokens) / 1_000_000;
}
