import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { EarlierText } from '../../ticket/read-ticket.ts';
import type { Redacted, RedactRequest } from '../../ticket/redact-ticket.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import type { Opinion } from '../opinion.ts';
import type { Example, FoundExample } from '../retrieval/example-index.ts';
import type { LabelSpread } from '../retrieval/label-spread.ts';
import { trimAroundCut, visibleText } from './fence.ts';
import { fenceOpinion } from './fence-opinion.ts';
import { choiceAbove, type Labels } from './labels.ts';
import { findModel } from './models.ts';
import {
  boundEarlier,
  boundTicket,
  preBoundRationale,
  preBoundText,
  preBoundTicket,
  type SpreadOfLabels,
  ticketMessage,
} from './prompt/ticket-message.ts';
import type { PromptBook, PromptSettings, Question } from './prompt-book.ts';

/** Replaces what identifies people in a ticket and in further texts. */
export type Redact = (request: RedactRequest) => Redacted;
/** The same for a server: redaction may pause, so that other work gets its turn. */
export type RedactInTurns = (request: RedactRequest) => Redacted | Promise<Redacted>;

/** A request with what is needed to read its reply. */
export type ClaudeRequest = {
  readonly params: MessageCreateParamsNonStreaming;
  readonly question: Question;
  /** The text of the ticket as Claude sees it, redacted and cut to size. Deciding words must occur in it. */
  readonly seenText: string;
  /** Replaces the placeholders of redaction by the ticket's own words, for display. */
  restore(text: string): string;
};

export type BuildRequestOptions = {
  readonly book: PromptBook;
  /** `book.first` when left out. */
  readonly question?: Question;
  readonly ticket: Ticket;
  /** Retrieved examples, most similar first. */
  readonly found: readonly FoundExample[];
  /** True where the examples come from a guess. */
  readonly isGuess?: boolean;
  /** The labels of the nearest examples; null, or left out, where they are not mixed. */
  readonly spread?: LabelSpread | null;
  /** The embedded engine's opinion of the ticket; none when left out. */
  readonly opinion?: Opinion | null;
  /** Null sends the texts unredacted. */
  readonly redact: Redact | null;
  /** Lifetime of the cached part; `1h` for batches. */
  readonly cacheTtl?: '5m' | '1h';
  /** `max_tokens` of the answer; when left out, it depends on whether the model thinks. */
  readonly maxTokens?: number;
};

// The median answer has fewer than 90 tokens. Scripts with a token per character and long deciding words fit as well.
const ANSWER_MAX_TOKENS = 700;
// Thinking counts towards max_tokens; with too little room the reply has no text.
const THINKING_MAX_TOKENS = 4_000;

/** Builds the exact request for one ticket. Pure: the same input gives the same bytes. */
export function buildRequest(options: BuildRequestOptions): ClaudeRequest {
  const parts = collectParts(options);
  const redacted = options.redact === null ? asItIs(parts) : options.redact(parts);
  return assembleRequest({ ...options, parts, redacted });
}

/** Builds the same request, but does not block the thread for the whole time that redaction takes. */
export async function buildRequestInTurns(
  options: Omit<BuildRequestOptions, 'redact'> & { readonly redact: RedactInTurns | null },
): Promise<ClaudeRequest> {
  const parts = collectParts(options);
  const redacted = options.redact === null ? asItIs(parts) : await options.redact(parts);
  return assembleRequest({ ...options, parts, redacted });
}

type RequestOptions = Omit<BuildRequestOptions, 'redact'>;

/** All customer texts of a request, cut to size, and the people whose names redaction looks for. */
type Parts = {
  /** The ticket, with subject and body as plain text and cut to size. */
  readonly ticket: Ticket;
  /** Older messages that came with the ticket. */
  readonly earlier: readonly string[];
  readonly earlierKinds: readonly EarlierText['kind'][];
  /** Two entries for each example: its text, then its rationale. */
  readonly texts: readonly string[];
  readonly people: readonly NonNullable<Example['requester']>[];
  /** The labels of the examples. */
  readonly labels: readonly string[];
};

function collectParts({ book, question = book.first, ticket, found }: RequestOptions): Parts {
  const relevant = found.flatMap(({ example }) => {
    const choice = choiceAbove({ choices: question.labels.choices, leaf: example.intent });
    return choice === null ? [] : [{ example, label: question.labels.labelOf(choice.id) }];
  });
  const { subject, own, earlier } = ticketText(ticket);
  return {
    ticket: { ...ticket, ...preBoundTicket({ subject, body: own }) },
    earlier: earlier.map(({ text }) => text),
    earlierKinds: earlier.map(({ kind }) => kind),
    texts: relevant.flatMap(({ example }) => [
      preBoundText(ticketText(example).text),
      preBoundRationale(example.rationale ?? ''),
    ]),
    people: relevant.flatMap(({ example }) => (example.requester === undefined ? [] : [example.requester])),
    labels: relevant.map(({ label }) => label),
  };
}

const asItIs = ({ ticket, earlier, texts }: Parts): Redacted => ({ ticket, earlier, texts, restore: (text) => text });

function assembleRequest(options: RequestOptions & { parts: Parts; redacted: Redacted }): ClaudeRequest {
  const { book, question = book.first, isGuess = false, spread: found = null, parts, redacted } = options;
  const bounded = boundTicket({
    subject: trimAroundCut(redacted.ticket.subject ?? ''),
    body: trimAroundCut(redacted.ticket.body ?? ''),
  });
  const examples = parts.labels.map((label, at) => ({
    label,
    text: trimAroundCut(redacted.texts[at * 2] ?? ''),
    rationale: trimAroundCut(redacted.texts[at * 2 + 1] ?? '') || null,
  }));
  const earlier = boundEarlier(parts.earlierKinds.map((kind, at) => ({ kind, text: redacted.earlier[at] ?? '' })));
  const spread = found === null ? null : spreadAmong({ spread: found, labels: question.labels });
  const opinion = fenceOpinion({ opinion: options.opinion ?? null, question });
  const text = ticketMessage({ examples, isGuess, spread, opinion, ...bounded, earlier });
  const params: MessageCreateParamsNonStreaming = {
    model: book.settings.model,
    max_tokens: options.maxTokens ?? maxTokensFor(book.settings),
    system: [{ type: 'text', text: question.system, cache_control: cacheControl(options.cacheTtl ?? '5m') }],
    messages: [{ role: 'user', content: text }],
    ...thinkingParams(book.settings),
    ...outputConfig({ settings: book.settings, question }),
  };
  return {
    params,
    question,
    seenText: visibleText([bounded.subject, bounded.body, ...earlier.map(({ text: older }) => older)].join('\n')),
    restore: (shown) => redacted.restore(shown),
  };
}

/** The spread over the choices of one question; null where all that is near belongs to one of them. */
function spreadAmong({ spread, labels }: { spread: LabelSpread; labels: Labels }): SpreadOfLabels | null {
  const counts = new Map<string, number>();
  for (const { intent, count } of spread.intents) {
    const choice = choiceAbove({ choices: labels.choices, leaf: intent });
    if (choice === null) continue;
    const label = labels.labelOf(choice.id);
    counts.set(label, (counts.get(label) ?? 0) + count);
  }
  if (counts.size < 2) return null;
  const entries = [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count);
  return { count: entries.reduce((sum, { count }) => sum + count, 0), labels: entries };
}

const cacheControl = (ttl: '5m' | '1h') =>
  ttl === '5m' ? ({ type: 'ephemeral' } as const) : ({ type: 'ephemeral', ttl } as const);

/** True when the model thinks before it answers; also for models that we do not know. */
function thinks(settings: PromptSettings): boolean {
  const facts = findModel(settings.model);
  if (facts === null) return true; // unknown: leave room
  if (settings.thinking === 'adaptive') return facts.acceptsAdaptiveThinking;
  return !facts.disabledThinkingAt.includes(settings.effort);
}

function maxTokensFor(settings: PromptSettings): number {
  return thinks(settings) ? THINKING_MAX_TOKENS : ANSWER_MAX_TOKENS;
}

/**
 * Sets `thinking` explicitly where the model accepts it; left out for models that refuse the value or are not known.
 */
function thinkingParams(settings: PromptSettings): Pick<MessageCreateParamsNonStreaming, 'thinking'> {
  const facts = findModel(settings.model);
  if (facts === null) return {};
  if (settings.thinking === 'adaptive') return facts.acceptsAdaptiveThinking ? { thinking: { type: 'adaptive' } } : {};
  return facts.disabledThinkingAt.includes(settings.effort) ? { thinking: { type: 'disabled' } } : {};
}

function outputConfig(options: {
  settings: PromptSettings;
  question: Question;
}): Pick<MessageCreateParamsNonStreaming, 'output_config'> {
  const { settings, question } = options;
  const effort = findModel(settings.model)?.acceptsEffort === true ? { effort: settings.effort } : {};
  const format = question.schema === null ? {} : { format: { type: 'json_schema' as const, schema: question.schema } };
  const config = { ...effort, ...format };
  return Object.keys(config).length === 0 ? {} : { output_config: config };
}
