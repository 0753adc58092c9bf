/** What a model accepts in a request. */
export type ModelFacts = {
  /** Efforts with which `thinking: disabled` is accepted; empty where the model refuses it. */
  readonly disabledThinkingAt: readonly string[];
  readonly acceptsAdaptiveThinking: boolean;
  readonly acceptsEffort: boolean;
  /** A prefix with fewer tokens is not cached, without an error; null where the minimum is not published. */
  readonly cacheMinimumTokens: number | null;
};

const upToHigh = ['low', 'medium', 'high'] as const;
const anyEffort = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

// Source: model pages and the pages on thinking and prompt caching of platform.claude.com, September and October 2026.
const knownModels: ReadonlyMap<string, ModelFacts> = new Map<string, ModelFacts>([
  [
    'claude-haiku-5-5',
    { disabledThinkingAt: upToHigh, acceptsAdaptiveThinking: true, acceptsEffort: true, cacheMinimumTokens: 512 },
  ],
  [
    'claude-sonnet-5-5',
    { disabledThinkingAt: [], acceptsAdaptiveThinking: true, acceptsEffort: true, cacheMinimumTokens: 512 },
  ],
  [
    'claude-opus-5-5',
    { disabledThinkingAt: [], acceptsAdaptiveThinking: true, acceptsEffort: true, cacheMinimumTokens: null },
  ],
  [
    'claude-sonnet-5',
    { disabledThinkingAt: anyEffort, acceptsAdaptiveThinking: true, acceptsEffort: true, cacheMinimumTokens: 1_024 },
  ],
  [
    'claude-haiku-4-5',
    { disabledThinkingAt: anyEffort, acceptsAdaptiveThinking: false, acceptsEffort: false, cacheMinimumTokens: 4_096 },
  ],
]);

/** The id without a cloud's prefix (`anthropic.claude-haiku-5-5`) or date suffix, as used in our tables. */
export function bareModelId(model: string): string {
  return model.replace(/^.*\banthropic\./, '').replace(/-\d{8}$/, '');
}

/** Null for models that are not in the table; requests to them leave out effort and thinking. */
export function findModel(model: string): ModelFacts | null {
  return knownModels.get(bareModelId(model)) ?? null;
}
