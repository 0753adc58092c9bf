import { buildRequestInTurns, type ClaudeRequest } from '../classifiers/claude/build-request.ts';
import { guessWith } from '../classifiers/claude/guess-intents.ts';
import { createPromptBook, type PromptBook } from '../classifiers/claude/prompt-book.ts';
import { retrieveExamples } from '../classifiers/claude/retrieve-examples.ts';
import type { EmbeddedEngine } from '../classifiers/opinion.ts';
import type { ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { Ticket } from '../ticket/ticket.ts';

/** Makes the exact requests that Claude would get, with the prompt and the examples of the engine. Calls no model. */
export type RequestMaker = {
  readonly book: PromptBook;
  /** The first request about a ticket; with the strategy `hierarchy`, the next one depends on its answer. */
  requestFor(ticket: Ticket, signal?: AbortSignal): Promise<ClaudeRequest>;
};

export async function createRequestMaker(options: {
  config: LoadedConfig;
  taxonomy: Taxonomy;
  /** The embedded engine; null without examples to train it with. */
  local: EmbeddedEngine | null;
  /** Finds the examples for the prompt; null without examples. */
  index: ExampleIndex | null;
  /** Requests for a batch: one line is one request, so it cannot go down the tree level by level. */
  isBatch?: boolean;
}): Promise<RequestMaker> {
  const { config, taxonomy, local, index, isBatch = false } = options;
  const { claude, retrieval, redaction } = config.settings;
  const settings = isBatch ? { ...claude, strategy: 'flat' as const } : claude;
  const book = createPromptBook({ taxonomy, settings });
  const guess = local === null ? null : guessWith({ classifier: local, taxonomy });
  // Loaded here, because a server without a key redacts nothing otherwise.
  const redact = redaction ? (await import('../ticket/redact-ticket.ts')).redactInTurns : null;
  return {
    book,
    async requestFor(ticket, signal) {
      const heldOut = local?.heldOut ?? null;
      const withSignal = signal === undefined ? {} : { signal };
      const examples = await retrieveExamples({ index, guess, heldOut, retrieval, ticket, taxonomy, ...withSignal });
      const opinion = claude.hint === 'auto' ? await local?.opinionOf({ ticket, taxonomy, ...withSignal }) : null;
      const cacheTtl = isBatch ? '1h' : '5m';
      return buildRequestInTurns({ book, ticket, ...examples, opinion: opinion ?? null, redact, cacheTtl });
    },
  };
}
