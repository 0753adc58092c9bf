import { type Classification, noUsage, type Usage } from '../classifier.ts';

/** Tokens and money of several answers together. */
export function joinCosts(answers: readonly Classification[]): Pick<Classification, 'usage' | 'costUsd'> {
  const usage = answers.reduce<Usage>(
    (sum, { usage: own }) => ({
      inputTokens: sum.inputTokens + own.inputTokens,
      cacheReadTokens: sum.cacheReadTokens + own.cacheReadTokens,
      cacheWriteTokens: sum.cacheWriteTokens + own.cacheWriteTokens,
      outputTokens: sum.outputTokens + own.outputTokens,
      thinkingTokens: sum.thinkingTokens + own.thinkingTokens,
    }),
    noUsage,
  );
  return { usage, costUsd: answers.reduce((sum, { costUsd }) => sum + costUsd, 0) };
}
