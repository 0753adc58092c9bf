import { say, withText } from '../../base/say.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import type { Classification } from '../classifier.ts';
import type { AnswerRecord, Opinion } from '../opinion.ts';
import { buildRequest, type Redact } from './build-request.ts';
import { createConfidenceTable } from './confidence.ts';
import { costOf } from './cost.ts';
import { type ClassificationMetadata, mapClassification, mapUndecided } from './map-classification.ts';
import { parseReply } from './parse-reply.ts';
import { type PromptBook, promptDesign } from './prompt-book.ts';
import { mapUsage, type ReplyMessage } from './reply-message.ts';
import { type RetrievedExamples, similarOnly } from './retrieve-examples.ts';
import type { ModelPrice } from './settings.ts';

/**
 * Makes a classification from a reply that was fetched elsewhere, in a batch or by another program. No call is made.
 * The request is built again, to map labels, undo redaction and check deciding words, so `examples` must be those
 * that were sent. A reply without a readable answer gives stage `none`, abstained, with the reason.
 *
 * The book must be flat, because a batch line asks one question.
 */
export function classifyReply(options: {
  book: PromptBook;
  ticket: Ticket;
  /** The examples that were sent. */
  examples: RetrievedExamples;
  /** The embedded engine's opinion that was sent; null where none was. */
  opinion?: Opinion | null;
  /** Its answers to examples that it had not seen. */
  heldOut?: AnswerRecord | null;
  redact: Redact | null;
  message: ReplyMessage;
  examplesVersion: string | null;
  prices: Readonly<Record<string, ModelPrice>>;
  /** Zero when not known, as for a batch. */
  latencyMs?: number;
}): Classification {
  const { book, ticket, examples, message, opinion = null, heldOut = null } = options;
  const request = buildRequest({ ...options, ...examples });
  const { usage, cacheWriteOneHourTokens, batch } = mapUsage(message);
  const costUsd = costOf({ model: message.model, usage, prices: options.prices, cacheWriteOneHourTokens, batch });
  const metadata: ClassificationMetadata = {
    ticket,
    taxonomy: book.taxonomy,
    found: similarOnly(examples),
    promptVersion: book.version,
    examplesVersion: options.examplesVersion,
    model: message.model,
    stage: 'claude',
    why: say(
      'stage.answered',
      `${message.model} answered${batch ? ' in a batch' : ''}${costUsd === null ? '; its price is not known' : ''}`,
      { model: message.model },
    ),
    usage,
    costUsd: costUsd ?? 0,
    latencyMs: options.latencyMs ?? 0,
  };
  const reading = parseReply({ message, request });
  if (reading.ok) {
    const table = createConfidenceTable({ model: message.model, prompt: promptDesign(book.settings) });
    const sawOpinion = opinion !== null;
    return mapClassification({ ...metadata, answers: [reading.answer], table, heldOut, sawOpinion });
  }
  const why = say('stage.unusable-reply', `The reply could not be used: ${reading.detail}`);
  return mapUndecided({ ...metadata, why, abstainReason: withText(why, `${why.text}.`) });
}
