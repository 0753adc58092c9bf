import { buildRequest } from '../../classifiers/claude/build-request.ts';
import { costOf } from '../../classifiers/claude/cost.ts';
import { estimateTokens } from '../../classifiers/claude/estimate-tokens.ts';
import { createPromptBook, type PromptBook } from '../../classifiers/claude/prompt-book.ts';
import type { ClaudeSettings } from '../../classifiers/claude/settings.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { mean } from '../metrics/percentile.ts';
import { shuffled } from '../metrics/seeded-random.ts';

export type CostEstimate = {
  readonly model: string;
  /** Fixed part of the prompt; all requests but the first read it from the cache. */
  readonly cachedTokens: number;
  /** Tokens of the ticket and its examples. */
  readonly freshTokens: number;
  readonly outputTokens: number;
  /** Null when the price of the model is not known. */
  readonly perTicketUsd: number | null;
};

const SAMPLED_TICKETS = 100;
/** Length of an answer: reasoning, deciding words and label (reference: median below 90; thinking is off). */
const OUTPUT_TOKENS = 110;

/** Estimates what Claude alone would cost: builds the real requests for a sample and estimates their tokens (±30 %). */
export function estimateClaudeCost(options: {
  readonly tickets: readonly Example[];
  readonly taxonomy: Taxonomy;
  readonly settings: ClaudeSettings;
  /** Number of examples shown with each ticket. */
  readonly shown: number;
}): CostEstimate {
  const { settings } = options;
  const book = createPromptBook({ taxonomy: options.taxonomy, settings });
  const [first, ...rest] = questionsOf(book);
  const tickets = shuffled(options.tickets, 1).slice(0, SAMPLED_TICKETS);
  const fresh = tickets.map((ticket, i) => {
    const examples = Array.from(
      { length: Math.min(options.shown, tickets.length - 1) },
      (_, k) => tickets[(i + k + 1) % tickets.length]!,
    );
    const found = examples.map((example) => ({ example, similarity: 0.5 }));
    const { params } = buildRequest({ book, ticket, found, redact: null });
    return params.messages.reduce(
      (sum, { content }) => sum + (typeof content === 'string' ? estimateTokens(content) : 0),
      0,
    );
  });
  const rounds = 1 + (rest.length > 0 ? 1 : 0);
  const cachedTokens = Math.round((first ?? 0) + mean(rest));
  const freshTokens = Math.round(mean(fresh) * rounds);
  const outputTokens = OUTPUT_TOKENS * rounds;
  const usage = {
    inputTokens: freshTokens,
    cacheReadTokens: cachedTokens,
    cacheWriteTokens: 0,
    outputTokens,
    thinkingTokens: 0,
  };
  const perTicketUsd = costOf({ model: settings.model, usage, prices: settings.prices });
  return { model: settings.model, cachedTokens, freshTokens, outputTokens, perTicketUsd };
}

/** Token counts of the fixed parts: of the only question, or of the first question and of each branch. */
function questionsOf(book: PromptBook): number[] {
  if (book.strategy === 'flat') return [book.first.systemTokens];
  const branches = book.taxonomy.intents.filter(({ children }) => children.length > 0);
  return [book.first.systemTokens, ...branches.map((node) => book.below(node).systemTokens)];
}
