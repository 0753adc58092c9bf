import { type Deadline, raceSignal, startDeadline } from '../../base/deadline.ts';
import { ClassifierError, ConfigurationError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import type { Classification, Classifier, ClassifyRequest } from '../classifier.ts';
import type { ExampleIndex, FoundExample } from '../retrieval/example-index.ts';
import { askLevels, type LevelsResult } from './ask-levels.ts';
import type { RedactInTurns } from './build-request.ts';
import type { ClaudeConnection } from './call/connection.ts';
import { priceFor } from './cost.ts';
import { createPromptBook, type PromptBook } from './prompt-book.ts';
import { defaultRetrieval, retrieveExamples } from './retrieve-examples.ts';
import type { ClaudeSettings, RetrievalSettings } from './settings.ts';
import { type Circumstances, toClassification, toTriage } from './to-classification.ts';

export type ClaudeClassifierOptions = {
  /** From `createClaudeConnection`; share one among classifiers of the same account. */
  readonly connection: ClaudeConnection;
  readonly settings: ClaudeSettings;
  readonly retrieval?: RetrievalSettings;
  /** Null: no examples are shown. */
  readonly index: ExampleIndex | null;
  /** Answers when Claude does not, normally the embedded engine. Null: such tickets go to triage. */
  readonly fallback: Classifier | null;
  /** Null sends tickets as they are. */
  readonly redact: RedactInTurns | null;
  readonly stage?: 'claude' | 'second-opinion';
};

// The end of the deadline is kept for the fallback, so that a stalled Claude still leaves it time to answer.
const FALLBACK_SHARE = 0.1;
const FALLBACK_MAXIMUM_MS = 1_000;
// Looking up examples may take no more than this of the time: a search that stands still must not cost Claude's answer.
const RETRIEVAL_SHARE = 0.3;

/**
 * The engine that reads tickets with Claude. Every ticket ends within `settings.deadlineMs` with a classification:
 * Claude's, the fallback's, or one that abstains (stage `none`), or by `deadlineAt` of the request if that is earlier;
 * `stageReason` says what happened. Confidence is the
 * conservative table of confidence.ts until a calibration is laid over it.
 *
 * Throws `ConfigurationError` when a daily budget is set for a model whose price is not known; `classify` throws
 * `ClassifierError` only when the caller's signal ends the work.
 */
export function createClaudeClassifier(options: ClaudeClassifierOptions): Classifier {
  const { settings } = options;
  assertPriceKnown(settings);
  const books = new WeakMap<Taxonomy, PromptBook>();
  const bookFor = (taxonomy: Taxonomy): PromptBook => {
    const known = books.get(taxonomy);
    if (known !== undefined) return known;
    const book = createPromptBook({ taxonomy, settings });
    books.set(taxonomy, book);
    return book;
  };
  return {
    id: options.stage === 'second-opinion' ? `second-opinion:${settings.model}` : 'claude',
    classify: (request) => classify({ ...options, book: bookFor(request.taxonomy) }, request),
  };
}

type Context = ClaudeClassifierOptions & { readonly book: PromptBook };

async function classify(context: Context, request: ClassifyRequest): Promise<Classification> {
  const { settings } = context;
  const startedAt = performance.now();
  const latencyMs = () => performance.now() - startedAt;
  const timeoutMs = Math.max(0, Math.min(settings.deadlineMs, (request.deadlineAt ?? Infinity) - startedAt));
  using whole = startDeadline({ timeoutMs, signal: request.signal });
  using forClaude = startDeadline({
    timeoutMs: timeoutMs - Math.min(timeoutMs * FALLBACK_SHARE, FALLBACK_MAXIMUM_MS),
    signal: request.signal,
  });
  const examples = await findExamples({ context, ticket: request.ticket, deadline: forClaude });
  throwIfCancelled(request.signal);
  const result = await askLevels({
    connection: context.connection,
    prices: settings.prices,
    deadline: forClaude,
    book: context.book,
    ticket: request.ticket,
    found: examples.found,
    redact: context.redact,
  });
  throwIfCancelled(request.signal);
  const notes = [...examples.notes, ...result.notes];
  const circumstances: Circumstances = {
    ticket: request.ticket,
    taxonomy: request.taxonomy,
    found: examples.found,
    promptVersion: context.book.version,
    examplesVersion: context.index?.version ?? null,
    model: settings.model,
    stage: context.stage ?? 'claude',
    stageReason: answeredReason({ settings, result, notes }),
    ...result.spent,
    latencyMs: latencyMs(),
  };
  if (result.ok) return toClassification({ ...circumstances, answers: result.answers });
  // Awaited here, so that the deadline lives as long as the work that it bounds.
  return await answerOtherwise({ context, request, circumstances, result, notes, deadline: whole, latencyMs });
}

function answeredReason(options: { settings: ClaudeSettings; result: LevelsResult; notes: readonly string[] }): string {
  const { settings, result, notes } = options;
  const levels = result.ok && result.answers.length > 1 ? ` in ${result.answers.length} steps down the tree` : '';
  const price = priceFor({ model: settings.model, prices: settings.prices, promptTokens: 0 });
  const unpriced = price === null ? '; its price is not known, so its cost counts as 0 (set claude.prices)' : '';
  return `${settings.model} answered${levels}${afterNotes(notes)}${unpriced}`;
}

const afterNotes = (notes: readonly string[]) => (notes.length === 0 ? '' : `, after: ${counted(notes).join('; ')}`);

/** What happened on the way, where it is not what the attempt ended with. */
function beforeThat(notes: readonly string[], detail: string): string {
  const others = notes.filter((note) => !detail.includes(note));
  return others.length === 0 ? '' : ` (before that: ${counted(others).join('; ')})`;
}

/** `rate limited (2 times)` rather than the same words twice. */
function counted(notes: readonly string[]): string[] {
  return [...new Set(notes)].map((note) => {
    const times = notes.filter((other) => other === note).length;
    return times === 1 ? note : `${note} (${times} times)`;
  });
}

/** The defined end of a ticket that Claude did not answer: the fallback's answer, or triage. */
async function answerOtherwise(options: {
  context: Context;
  request: ClassifyRequest;
  circumstances: Circumstances;
  result: Extract<LevelsResult, { ok: false }>;
  notes: readonly string[];
  deadline: { readonly signal: AbortSignal };
  latencyMs: () => number;
}): Promise<Classification> {
  const { context, request, circumstances, result, latencyMs } = options;
  const who = context.stage === 'second-opinion' ? `The second opinion (${context.settings.model})` : 'Claude';
  const why = `${who} gave no answer: ${result.detail}${beforeThat(options.notes, result.detail)}`;
  const local = await askFallback({ fallback: context.fallback, request, signal: options.deadline.signal });
  throwIfCancelled(request.signal);
  const { usage, costUsd } = circumstances;
  if (typeof local === 'string') {
    return toTriage({
      ...circumstances,
      stageReason: `${why}. ${local}.`,
      abstainReason: `No engine could read this ticket. ${why}.`,
      latencyMs: latencyMs(),
    });
  }
  const base = { ...local, usage, costUsd: costUsd + local.costUsd, latencyMs: latencyMs() };
  if (result.kind !== 'refusal') return { ...base, stageReason: `${why}. The embedded engine answered.` };
  return {
    ...base,
    abstained: true,
    abstainReason: `${result.detail}, so a person should look. The intent is the embedded engine's best guess.`,
    stageReason: `${why}. The embedded engine's best guess goes along for the person who looks.`,
  };
}

/** The fallback's classification, or why there is none. */
async function askFallback(options: {
  fallback: Classifier | null;
  request: ClassifyRequest;
  signal: AbortSignal;
}): Promise<Classification | string> {
  const { fallback, request, signal } = options;
  if (fallback === null) return 'There is no other engine';
  if (signal.aborted) return 'No time was left for the embedded engine';
  try {
    return await raceSignal({ work: fallback.classify({ ...request, signal }), signal });
  } catch {
    return signal.aborted ? 'The embedded engine did not answer in time' : 'The embedded engine failed as well';
  }
}

/** Retrieval helps and is not indispensable: without it Claude is asked all the same. */
async function findExamples(options: {
  context: Context;
  ticket: Ticket;
  deadline: Deadline;
}): Promise<{ found: readonly FoundExample[]; notes: readonly string[] }> {
  const { context, ticket, deadline } = options;
  const retrieval = context.retrieval ?? defaultRetrieval;
  using search = startDeadline({ timeoutMs: deadline.remainingMs() * RETRIEVAL_SHARE, signal: deadline.signal });
  const { signal } = search;
  try {
    const work = retrieveExamples({ index: context.index, retrieval, ticket, signal });
    return { found: await raceSignal({ work, signal }), notes: [] };
  } catch {
    return { found: [], notes: ['no examples could be retrieved'] };
  }
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new ClassifierError({
    classifier: 'claude',
    retryable: true,
    message: 'Classifying was ended before an answer came.',
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
