import { type Deadline, raceSignal, startDeadline } from '../../base/deadline.ts';
import { type Saying, say, sayAll, withText } from '../../base/say.ts';
import { ClassifierError, ConfigurationError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import type { Classification, Classifier, ClassifyRequest } from '../classifier.ts';
import { ModelError } from '../model-api/model-error.ts';
import type { Opinion, OpinionSource } from '../opinion.ts';
import type { ExampleIndex } from '../retrieval/example-index.ts';
import { askLevels, type LevelsResult } from './ask-levels.ts';
import type { RedactInTurns } from './build-request.ts';
import type { ClaudeConnection } from './call/connection.ts';
import { type ConfidenceTable, createConfidenceTable } from './confidence.ts';
import { priceFor } from './cost.ts';
import { guessWith } from './guess-intents.ts';
import { type ClassificationMetadata, mapClassification, mapUndecided } from './map-classification.ts';
import { createPromptBook, type PromptBook, promptDesign } from './prompt-book.ts';
import {
  defaultRetrieval,
  noExamples,
  type RetrievedExamples,
  retrieveExamples,
  similarOnly,
} from './retrieve-examples.ts';
import type { ClaudeSettings, RetrievalSettings } from './settings.ts';

export type ClaudeClassifierOptions = {
  /** From `createClaudeConnection`; classifiers of the same account should share one. */
  readonly connection: ClaudeConnection;
  readonly settings: ClaudeSettings;
  readonly retrieval?: RetrievalSettings;
  /** Null sends no examples. */
  readonly index: ExampleIndex | null;
  /** A cheap engine. Examples of the intents that it names are shown with a ticket that has no similar ones. */
  readonly guesser?: Classifier | null;
  /** The embedded engine, for its opinion and for how noisy the desk is; null without one. */
  readonly embedded?: OpinionSource | null;
  /** Null sends tickets unredacted. */
  readonly redact: RedactInTurns | null;
  readonly stage?: 'claude' | 'second-opinion';
};

// The search for examples and the embedded engine's opinion may take this share of the time: what hangs must not prevent
// Claude's answer.
const RETRIEVAL_SHARE = 0.3;

/**
 * Creates a classifier that reads tickets with Claude. Each ticket has `settings.deadlineMs`, or until `deadlineAt` of
 * the request if that is earlier. The confidence comes from the table of confidence.ts; a calibration can be applied in
 * place of it.
 *
 * Throws `ConfigurationError` when a daily budget is set for a model whose price is not known. `classify` rejects with
 * `ModelError` when Claude gives no answer (with the cost of the failed calls) and with `ClassifierError` when the
 * caller's signal aborts.
 */
export function createClaudeClassifier(options: ClaudeClassifierOptions): Classifier {
  const { settings } = options;
  assertPriceKnown(settings);
  options.connection.account.watch.expect(settings.model);
  const books = new WeakMap<Taxonomy, PromptBook>();
  const bookFor = (taxonomy: Taxonomy): PromptBook => {
    const known = books.get(taxonomy);
    if (known !== undefined) return known;
    const book = createPromptBook({ taxonomy, settings });
    books.set(taxonomy, book);
    return book;
  };
  const table = createConfidenceTable({ model: settings.model, prompt: promptDesign(settings) });
  return {
    id: idOf(options),
    classify: (request) => classify({ ...options, table, book: bookFor(request.taxonomy) }, request),
  };
}

type Context = ClaudeClassifierOptions & { readonly book: PromptBook; readonly table: ConfidenceTable };

async function classify(context: Context, request: ClassifyRequest): Promise<Classification> {
  const { settings, stage = 'claude' } = context;
  const startedAt = performance.now();
  const timeoutMs = Math.max(0, Math.min(settings.deadlineMs, (request.deadlineAt ?? Infinity) - startedAt));
  using deadline = startDeadline({ timeoutMs, signal: request.signal });
  const [{ examples, notes: searchNotes }, opinion] = await Promise.all([
    findExamples({ context, ticket: request.ticket, deadline }),
    askOpinion({ context, request, deadline }),
  ]);
  throwIfCancelled(request.signal);
  const result = await askLevels({
    connection: context.connection,
    prices: settings.prices,
    purpose: stage === 'claude' ? 'classify' : stage,
    deadline,
    book: context.book,
    ticket: request.ticket,
    examples,
    opinion,
    redact: context.redact,
  });
  throwIfCancelled(request.signal);
  const notes = [...searchNotes, ...result.notes];
  const metadata: ClassificationMetadata = {
    ticket: request.ticket,
    taxonomy: request.taxonomy,
    found: similarOnly(examples),
    promptVersion: context.book.version,
    examplesVersion: context.index?.version ?? null,
    model: settings.model,
    stage,
    why: result.ok ? answeredReason({ settings, result, notes }) : failedReason({ context, result, notes }),
    ...result.spent,
    latencyMs: performance.now() - startedAt,
  };
  if (result.ok) {
    const heldOut = context.embedded?.heldOut ?? null;
    const { table } = context;
    return mapClassification({ ...metadata, answers: result.answers, table, heldOut, sawOpinion: opinion !== null });
  }
  const abstainReason =
    result.failure.kind === 'declined'
      ? say('engine.declined', `${result.failure.detail}, so a person should look.`)
      : sayAll([
          say('engine.none-read', 'No engine could read this ticket.'),
          withText(metadata.why, `${metadata.why.text}.`),
        ]);
  throw new ModelError({
    classifier: idOf(context),
    failure: result.failure,
    undecided: mapUndecided({ ...metadata, abstainReason }),
  });
}

const idOf = ({ stage, settings }: Pick<ClaudeClassifierOptions, 'stage' | 'settings'>) =>
  stage === 'second-opinion' ? `second-opinion:${settings.model}` : 'claude';

function failedReason(options: {
  context: Context;
  result: Extract<LevelsResult, { ok: false }>;
  notes: readonly string[];
}): Saying {
  const { context, result, notes } = options;
  const { detail, kind } = result.failure;
  const { stage = 'claude' } = context;
  const who = stage === 'second-opinion' ? `The second opinion (${context.settings.model})` : 'Claude';
  const text = `${who} gave no answer: ${detail}${beforeThat(notes, detail)}`;
  return say('stage.no-answer', text, { stage, failure: kind });
}

function answeredReason(options: {
  settings: ClaudeSettings;
  result: Extract<LevelsResult, { ok: true }>;
  notes: readonly string[];
}): Saying {
  const { settings, result, notes } = options;
  const { model } = settings;
  const levels = result.answers.length > 1 ? ` in ${result.answers.length} steps down the tree` : '';
  const price = priceFor({ model: settings.model, prices: settings.prices, promptTokens: 0 });
  const unpriced = price === null ? '; its price is not known, so its cost counts as 0 (set claude.prices)' : '';
  return say('stage.answered', `${model} answered${levels}${afterNotes(notes)}${unpriced}`, { model });
}

const afterNotes = (notes: readonly string[]) => (notes.length === 0 ? '' : `, after: ${counted(notes).join('; ')}`);

/** Earlier failures, without those that the last one repeats. */
function beforeThat(notes: readonly string[], detail: string): string {
  const others = notes.filter((note) => !detail.includes(note));
  return others.length === 0 ? '' : ` (before that: ${counted(others).join('; ')})`;
}

/** Writes `rate limited (2 times)` instead of the same words twice. */
function counted(notes: readonly string[]): string[] {
  return [...new Set(notes)].map((note) => {
    const times = notes.filter((other) => other === note).length;
    return times === 1 ? note : `${note} (${times} times)`;
  });
}

/** Examples help but are not required: when the search fails, Claude is asked without them. */
async function findExamples(options: {
  context: Context;
  ticket: Ticket;
  deadline: Deadline;
}): Promise<{ examples: RetrievedExamples; notes: readonly string[] }> {
  const { context, ticket, deadline } = options;
  const retrieval = context.retrieval ?? defaultRetrieval;
  using search = startDeadline({ timeoutMs: deadline.remainingMs() * RETRIEVAL_SHARE, signal: deadline.signal });
  const { signal } = search;
  try {
    const { index, guesser = null, book } = context;
    const guess = guesser === null ? null : guessWith({ classifier: guesser, taxonomy: book.taxonomy });
    const heldOut = context.embedded?.heldOut ?? null;
    const work = retrieveExamples({ index, retrieval, ticket, taxonomy: book.taxonomy, guess, heldOut, signal });
    return { examples: await raceSignal({ work, signal }), notes: [] };
  } catch {
    return { examples: noExamples, notes: ['no examples could be retrieved'] };
  }
}

/** The embedded engine's opinion helps but is not required: when it fails or takes too long, Claude is asked without it. */
async function askOpinion(options: {
  context: Context;
  request: ClassifyRequest;
  deadline: Deadline;
}): Promise<Opinion | null> {
  const { context, request, deadline } = options;
  const { embedded = null, settings } = context;
  if (embedded === null || settings.hint === 'never') return null;
  using limit = startDeadline({ timeoutMs: deadline.remainingMs() * RETRIEVAL_SHARE, signal: deadline.signal });
  const { signal } = limit;
  try {
    return await raceSignal({ work: embedded.opinionOf({ ...request, signal }), signal });
  } catch {
    return null;
  }
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new ClassifierError({
    classifier: 'claude',
    retryable: true,
    message: 'The classification was cancelled before Claude answered.',
    cause: signal.reason,
  });
}

function assertPriceKnown({ model, prices, dailyBudgetUsd }: ClaudeSettings): void {
  if (dailyBudgetUsd === null || priceFor({ model, prices, promptTokens: 0 }) !== null) return;
  throw new ConfigurationError([
    {
      file: 'switchboard.yaml',
      line: null,
      message: `claude.dailyBudgetUsd is set, but the price of ${model} is not known`,
      cure: `Add claude.prices: { ${model}: { input: …, output: … } } in USD per million tokens, or remove the budget.`,
    },
  ]);
}
