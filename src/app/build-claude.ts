import type { Classifier } from '../classifiers/classifier.ts';
import { type ClaudeConnection, createClaudeConnection } from '../classifiers/claude/call/connection.ts';
import { createClaudeClassifier } from '../classifiers/claude/create-claude-classifier.ts';
import type { LocalClassifier } from '../classifiers/local/create-local-classifier.ts';
import type { ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { ConfigurationError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { redactInTurns } from '../ticket/redact-ticket.ts';

type ConnectOptions = { readonly config: LoadedConfig; readonly store: Store | null };

type ClaudeParts = {
  config: LoadedConfig;
  local: LocalClassifier;
  /** Where the examples for the prompt are looked up. */
  index: ExampleIndex;
  connection: ClaudeConnection;
};

/** Claude, with the embedded engine's answer where it gives none. */
export function buildClaude({ config, local, index, connection }: ClaudeParts): Classifier {
  const { settings } = config;
  return createClaudeClassifier({
    connection,
    settings: settings.claude,
    retrieval: settings.retrieval,
    index,
    fallback: local,
    redact: settings.redaction ? redactInTurns : null,
  });
}

/** The model of `claude.secondOpinion`, asked as Claude is. */
export function buildSecondOpinion({ config, local, index, connection }: ClaudeParts): Classifier {
  const { settings } = config;
  return createClaudeClassifier({
    connection,
    settings: { ...settings.claude, model: settings.claude.secondOpinion ?? settings.claude.model },
    retrieval: settings.retrieval,
    index,
    fallback: local,
    redact: settings.redaction ? redactInTurns : null,
    stage: 'second-opinion',
  });
}

/**
 * One connection for all engines of an account. With a store, what was spent since midnight UTC counts towards the daily
 * budget, so that a restart does not begin it anew. Throws ConfigurationError without a key.
 */
export async function connectClaude({ config, store }: ConnectOptions): Promise<ClaudeConnection> {
  const { settings, secrets, file } = config;
  if (secrets.anthropicApiKey === null) {
    throw new ConfigurationError([
      {
        file: file ?? 'the configuration',
        line: null,
        message: `classifier is "${String(settings.classifier)}" and ANTHROPIC_API_KEY is not set`,
        cure: 'Set it, or choose the classifier "auto" or "local".',
      },
    ]);
  }
  return createClaudeConnection({
    apiKey: secrets.anthropicApiKey,
    baseUrl: secrets.anthropicBaseUrl,
    dailyBudgetUsd: settings.claude.dailyBudgetUsd,
    spentTodayUsd: await spentToday({ config, store }),
  });
}

async function spentToday({ config, store }: ConnectOptions): Promise<number> {
  if (store === null || config.settings.claude.dailyBudgetUsd === null) return 0;
  return store.classifications.costSince(new Date(new Date().setUTCHours(0, 0, 0, 0)));
}
