import type { Classifier } from '../classifiers/classifier.ts';
import { createClaudeConnection } from '../classifiers/claude/call/connection.ts';
import { createClaudeClassifier } from '../classifiers/claude/create-claude-classifier.ts';
import type { LocalClassifier } from '../classifiers/local/create-local-classifier.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { ConfigurationError } from '../errors.ts';
import { redact } from '../ticket/redact-ticket.ts';

/** Claude with the embedded engine behind it: its examples for the prompt, its answer where Claude gives none. */
export function buildClaude({ config, local }: { config: LoadedConfig; local: LocalClassifier }): Classifier {
  const { settings, secrets } = config;
  if (secrets.anthropicApiKey === null) {
    throw new ConfigurationError([
      {
        file: config.file ?? 'the configuration',
        line: null,
        message: `classifier is "${String(settings.classifier)}" and ANTHROPIC_API_KEY is not set`,
        cure: 'Set it, or choose the classifier "auto" or "local".',
      },
    ]);
  }
  return createClaudeClassifier({
    connection: createClaudeConnection({
      apiKey: secrets.anthropicApiKey,
      baseUrl: secrets.anthropicBaseUrl,
      dailyBudgetUsd: settings.claude.dailyBudgetUsd,
    }),
    settings: settings.claude,
    retrieval: settings.retrieval,
    index: local.index,
    fallback: local,
    redact: settings.redaction ? redact : null,
  });
}
