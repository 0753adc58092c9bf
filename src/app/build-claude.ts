import { createFallbackClassifier } from '../classifiers/cascade/create-fallback-classifier.ts';
import type { Classifier } from '../classifiers/classifier.ts';
import { type ClaudeConnection, createClaudeConnection } from '../classifiers/claude/call/connection.ts';
import { createClaudeClassifier } from '../classifiers/claude/create-claude-classifier.ts';
import type { ModelUse } from '../classifiers/model-api/model-account.ts';
import type { EmbeddedEngine } from '../classifiers/opinion.ts';
import type { ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import { missingApiKey } from '../config/check-runnable.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import { ConfigurationError } from '../errors.ts';
import { redactInTurns } from '../ticket/redact-ticket.ts';

/**
 * Claude for one stage of the cascade, with the model of `claude.model` or of `claude.secondOpinion`. Its `classify`
 * throws `ModelError` when Claude gives no answer.
 */
export function buildClaude(options: {
  config: LoadedConfig;
  stage: 'claude' | 'second-opinion';
  /** Finds the examples for the prompt. */
  index: ExampleIndex;
  /** Gives its opinion on tickets, and guesses the intents of tickets in a language that no example is in. */
  embedded: EmbeddedEngine;
  connection: ClaudeConnection;
}): Classifier {
  const { config, stage, index, embedded, connection } = options;
  const { claude, retrieval, redaction } = config.settings;
  const model = stage === 'second-opinion' ? (claude.secondOpinion ?? claude.model) : claude.model;
  return createClaudeClassifier({
    connection,
    stage,
    settings: { ...claude, model },
    retrieval,
    index,
    guesser: embedded,
    embedded,
    redact: redaction ? redactInTurns : null,
  });
}

/** The engine of `classifier: claude`. The embedded engine classifies the tickets for which Claude gives no answer. */
export function buildClaudeAlone(options: {
  config: LoadedConfig;
  local: EmbeddedEngine;
  index: ExampleIndex;
  connection: ClaudeConnection;
}): Classifier {
  const { config, local } = options;
  return createFallbackClassifier({
    model: buildClaude({ ...options, stage: 'claude', embedded: local }),
    fallback: local,
    deadlineMs: config.settings.claude.deadlineMs,
  });
}

/** The connection that every caller of Claude in this process shares. Throws ConfigurationError without a key. */
export function connectClaude({ config, modelUse }: { config: LoadedConfig; modelUse: ModelUse }): ClaudeConnection {
  const { anthropicApiKey: apiKey, anthropicBaseUrl: baseUrl } = config.secrets;
  if (apiKey === null) throw new ConfigurationError([missingApiKey(config)]);
  return createClaudeConnection({ apiKey, baseUrl, use: modelUse });
}
