import type { IntentNode } from '../../taxonomy/taxonomy.ts';
import { urgencies } from '../../ticket/ticket.ts';
import { type Certainty, type Classification, certainties, sentiments } from '../classifier.ts';
import type { ClaudeRequest } from './build-request.ts';
import { findWords } from './find-words.ts';
import type { Labels } from './labels.ts';
import { type RawAnswer, readJsonAnswer, readXmlAnswer } from './read-answer-text.ts';
import { indexOfTag } from './read-elements.ts';
import type { ReplyMessage } from './reply-message.ts';

/** Claude's answer to one question, checked against labels and ticket. */
export type Answer = {
  readonly reasoning: string;
  /** As written in the ticket, with redaction undone. */
  readonly decidingWords: readonly string[];
  readonly choice: IntentNode;
  readonly urgency: Classification['urgency'];
  readonly sentiment: Classification['sentiment'];
  /** As Claude states it; not a probability. */
  readonly certainty: Certainty;
  readonly runnersUp: readonly IntentNode[];
  readonly also: readonly IntentNode[];
  /** What one would have to know to choose an intent; only where none fits. */
  readonly missing: string | null;
};

/** Why a reply has no usable answer. */
export type UnreadableKind = 'refusal' | 'truncated' | 'empty' | 'invalid' | 'unknown-intent' | 'too-long';
export type ReplyReading =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly kind: UnreadableKind; readonly detail: string };

/**
 * The reasoning is cut to this many words. The prompt asks for 25, because models write more than they are asked for.
 */
export const MAX_REASONING_WORDS = 30;

/** Reads a reply to `request`. Pure, never throws: a reply that cannot be read gives the kind of fault. */
export function parseReply({ message, request }: { message: ReplyMessage; request: ClaudeRequest }): ReplyReading {
  if (message.stop_reason === 'refusal') {
    const category = message.stop_details?.category;
    return unreadable('refusal', `Claude declined to answer${category ? ` (${category})` : ''}`);
  }
  if (message.stop_reason === 'model_context_window_exceeded') {
    return unreadable('too-long', "the request does not fit the model's context window");
  }
  const text = message.content.flatMap((block) => (block.type === 'text' ? [block.text ?? ''] : [])).join('');
  const cutOff = message.stop_reason === 'max_tokens';
  const raw = readRaw({ text, isJson: request.question.schema !== null, cutOff });
  if (raw === null) {
    if (cutOff) return unreadable('truncated', 'the answer was cut off at max_tokens');
    if (text.trim() === '') return unreadable('empty', 'the answer has no text');
    return unreadable('invalid', 'the answer does not have the form that was asked for');
  }
  const choice = request.question.labels.nodeOf(raw.intent);
  if (choice === null) return unreadable('unknown-intent', 'the answer names an intent that is not in the list');
  return { ok: true, answer: toAnswer({ raw, choice, request }) };
}

/**
 * Reads the style (JSON or XML) that was asked for, or else the other one, since gateways may change it. The other one
 * is read only where it comes first in the text: a reply that was cut off may quote JSON or tags from the ticket.
 */
function readRaw(options: { text: string; isJson: boolean; cutOff: boolean }): RawAnswer | null {
  const { text, isJson } = options;
  const brace = text.indexOf('{');
  const tag = indexOfTag(text);
  const first = isJson ? readJsonAnswer(text) : readXmlAnswer(options);
  if (first !== null) return first;
  if (isJson) return tag >= 0 && (brace < 0 || tag < brace) ? readXmlAnswer(options) : null;
  return brace >= 0 && (tag < 0 || brace < tag) ? readJsonAnswer(text) : null;
}

function toAnswer({ raw, choice, request }: { raw: RawAnswer; choice: IntentNode; request: ClaudeRequest }): Answer {
  const { labels } = request.question;
  const missing = raw.missing?.trim() || null;
  const certainty = oneOf({ values: certainties, value: raw.certainty }) ?? (missing === null ? 'likely' : 'none_fits');
  const others = nodesOf({ answered: raw.runners_up, labels }).filter((node) => node !== choice);
  return {
    reasoning: shorten(request.restore(raw.reasoning.replace(/\s+/g, ' ').trim())),
    decidingWords: findWords({ quoted: raw.words, text: request.seenText }).map((words) => request.restore(words)),
    choice,
    urgency: oneOf({ values: urgencies, value: raw.urgency }),
    sentiment: oneOf({ values: sentiments, value: raw.sentiment }),
    certainty,
    runnersUp: others.slice(0, 2),
    also: nodesOf({ answered: raw.also, labels }).filter((node) => node !== choice),
    missing: certainty === 'none_fits' && missing !== null ? request.restore(missing) : null,
  };
}

const unreadable = (kind: UnreadableKind, detail: string): ReplyReading => ({ ok: false, kind, detail });

function nodesOf({ answered, labels }: { answered: readonly string[]; labels: Labels }): IntentNode[] {
  return [...new Set(answered.map((label) => labels.nodeOf(label)).filter((node) => node !== null))];
}

/** Letter case and separators of enum values are not guaranteed. */
function oneOf<const T extends string>({
  values,
  value,
}: {
  values: readonly T[];
  value: string | null | undefined;
}): T | null {
  const key = value
    ?.toLowerCase()
    .trim()
    .replace(/[\s-]+/g, '_');
  return values.find((candidate) => candidate === key) ?? null;
}

function shorten(text: string): string {
  const words = text.split(' ');
  return words.length <= MAX_REASONING_WORDS ? text : `${words.slice(0, MAX_REASONING_WORDS).join(' ')} …`;
}
