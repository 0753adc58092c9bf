/** Prices in USD per million tokens. Missing cache prices follow the documented factors: write 1.25x, read 0.1x. */
export type ModelPrice = {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite?: number | undefined;
  readonly cacheRead?: number | undefined;
};

export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** What this folder needs from the configuration; `ClaudeConfig` (src/config) fits it. */
export type ClaudeSettings = {
  readonly model: string;
  readonly effort: Effort;
  readonly thinking: 'disabled' | 'adaptive';
  readonly output: 'json' | 'xml';
  readonly strategy: 'auto' | 'flat' | 'hierarchy';
  /** Longest time for one ticket, retries and stalled bodies included. */
  readonly deadlineMs: number;
  readonly dailyBudgetUsd: number | null;
  /** The company's own advice, added to the whole-tree instructions of the taxonomy. */
  readonly instructions: string;
  /** By model id; wins over the built-in table. */
  readonly prices: Readonly<Record<string, ModelPrice>>;
};

/** What the classifier needs from the configuration's `retrieval`. */
export type RetrievalSettings = {
  readonly k: number;
  readonly perIntent: number;
  readonly minSimilarity: number;
};
