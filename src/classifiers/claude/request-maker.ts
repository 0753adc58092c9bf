import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import type { Classification } from '../classifier.ts';
import type { ExampleIndex } from '../retrieval/example-index.ts';
import { buildRequest, type ClaudeRequest, type Redact } from './build-request.ts';
import { classifyReply } from './classify-reply.ts';
import { createPromptBook, type PromptBook } from './prompt-book.ts';
import type { ReplyMessage } from './reply-message.ts';
import { retrieveExamples } from './retrieve-examples.ts';
import type { ClaudeSettings, RetrievalSettings } from './settings.ts';

/** Writes requests to be answered elsewhere, and reads their replies: the two ends of a batch. */
export type RequestMaker = {
  readonly book: PromptBook;
  /** The exact request, with the examples that the index finds for the ticket. */
  requestFor(ticket: Ticket): Promise<ClaudeRequest>;
  /** What the reply to `requestFor(ticket)` amounts to. Index and settings must be those of the request. */
  classify(options: { ticket: Ticket; message: ReplyMessage }): Promise<Classification>;
};

/** Every ticket is one question here, so the strategy is flat whatever the settings say. */
export function createRequestMaker(options: {
  settings: ClaudeSettings;
  retrieval: RetrievalSettings;
  taxonomy: Taxonomy;
  index: ExampleIndex | null;
  redact: Redact | null;
  /** `1h` for batches, whose requests are far apart. */
  cacheTtl?: '5m' | '1h';
}): RequestMaker {
  const { settings, taxonomy, index, redact } = options;
  const book = createPromptBook({ taxonomy, settings: { ...settings, strategy: 'flat' } });
  return {
    book,
    async requestFor(ticket) {
      const found = await retrieveExamples({ ...options, ticket });
      return buildRequest({ book, ticket, found, redact, cacheTtl: options.cacheTtl });
    },
    async classify({ ticket, message }) {
      const found = await retrieveExamples({ ...options, ticket });
      const examplesVersion = index?.version ?? null;
      return classifyReply({ book, ticket, found, redact, message, examplesVersion, prices: settings.prices });
    },
  };
}
