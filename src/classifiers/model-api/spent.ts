import { noUsage, type Usage } from '../classifier.ts';

/** Tokens and cost of one or more calls. */
export type Spent = { readonly usage: Usage; readonly costUsd: number };

export const nothingSpent: Spent = { usage: noUsage, costUsd: 0 };

/** Adds up tokens and cost. */
export function sumSpent(items: readonly Spent[]): Spent {
  return items.reduce(
    (sum, { usage, costUsd }) => ({
      usage: {
        inputTokens: sum.usage.inputTokens + usage.inputTokens,
        cacheReadTokens: sum.usage.cacheReadTokens + usage.cacheReadTokens,
        cacheWriteTokens: sum.usage.cacheWriteTokens + usage.cacheWriteTokens,
        outputTokens: sum.usage.outputTokens + usage.outputTokens,
        thinkingTokens: sum.usage.thinkingTokens + usage.thinkingTokens,
      },
      costUsd: sum.costUsd + costUsd,
    }),
    nothingSpent,
  );
}
