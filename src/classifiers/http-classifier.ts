import { type Deadline, raceSignal, startDeadline } from '../base/deadline.ts';
import { readBounded } from '../base/read-bounded.ts';
import { codeOf } from '../base/safe-error.ts';
import { ClassifierError } from '../errors.ts';
import { presentIntent, resolveLeaf } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { type Classification, type Classifier, classificationSchema } from './classifier.ts';
import type { RedactInTurns } from './claude/build-request.ts';
import { mapOutgoingTicket, type OutgoingTicket, withoutAttributes } from './outgoing-ticket.ts';

const DEFAULT_DEADLINE_MS = 20_000;
/** Statuses that do not depend on the ticket: too many requests, and service unavailable. */
const awayStatuses = new Set([429, 503]);
/** Error codes of a connection that was never made: the ticket cannot be the cause. */
const neverReached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** A classification has a few kilobytes; a larger reply is refused. */
const MAX_REPLY_BYTES = 1_000_000;

/**
 * Creates a classifier for a user's own model behind HTTP (`classifier: { http: URL }`). It posts ticket and taxonomy
 * as JSON (`{ ticket, taxonomy }`) and expects a `Classification` as JSON. The ticket is sent redacted, and the texts
 * of the reply are restored, unless `redact` is null. One request is sent, without retries, since the job of a ticket
 * is tried again anyway. It ends after `deadlineMs` (20 s when left out) or at the deadline of the request, whichever
 * is earlier.
 *
 * Rejects with `ClassifierError`. It is `retryable` after 5xx, 429, a time-out or a lost connection, and `unavailable`
 * (not caused by the ticket) after 429, 503 or where the server cannot be reached.
 */
export function createHttpClassifier(options: {
  url: string;
  /** Null sends tickets unredacted, but without the requester's attributes. */
  redact: RedactInTurns | null;
  deadlineMs?: number;
  fetch?: typeof globalThis.fetch;
}): Classifier {
  const { url, redact, deadlineMs = DEFAULT_DEADLINE_MS, fetch = globalThis.fetch } = options;
  const where = new URL(url).host;
  const fail: Fail = (retryable, found, { cause, unavailable = false } = {}) =>
    new ClassifierError({
      classifier: 'http',
      retryable,
      unavailable,
      message: `The classifier at ${where} ${found}.`,
      cause,
    });
  const post = async (body: string, deadline: Deadline): Promise<string> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body,
      signal: deadline.signal,
      redirect: 'error',
    });
    if (!response.ok) {
      await response.body?.cancel();
      const { status } = response;
      throw fail(status >= 500 || status === 429, `answered ${status}`, { unavailable: awayStatuses.has(status) });
    }
    const tooLong = () => fail(false, `returned more than ${MAX_REPLY_BYTES} bytes`);
    return readBounded(response, { maxBytes: MAX_REPLY_BYTES, tooLong });
  };
  const prepare = async (ticket: Ticket): Promise<OutgoingTicket> => {
    if (redact === null) return { ticket: withoutAttributes(ticket), restore: (words) => words };
    try {
      return await mapOutgoingTicket({ ticket, redact });
    } catch (cause) {
      throw fail(false, 'was not called: personal data in this ticket could not be redacted', { cause });
    }
  };

  return {
    id: 'http',
    async classify({ ticket, taxonomy, signal, deadlineAt }) {
      const timeoutMs = Math.max(0, Math.min(deadlineMs, (deadlineAt ?? Infinity) - performance.now()));
      using deadline = startDeadline({ timeoutMs, signal });
      const outgoing = await prepare(ticket);
      let text: string;
      try {
        deadline.signal.throwIfAborted();
        const body = JSON.stringify({ ticket: outgoing.ticket, taxonomy: mapTaxonomy(taxonomy) });
        text = await raceSignal({ work: post(body, deadline), signal: deadline.signal });
      } catch (error) {
        if (error instanceof ClassifierError) throw error;
        const found = deadline.passed() ? 'did not answer in time' : 'could not be reached or broke off';
        throw fail(true, found, { cause: error, unavailable: neverReached.has(codeOf(error) ?? '') });
      }
      return restoreWords(parseReply({ text, taxonomy, fail }), outgoing);
    },
  };
}

type Fail = (retryable: boolean, found: string, more?: { cause?: unknown; unavailable?: boolean }) => ClassifierError;

/** Replaces the placeholders of redaction by the original words, in the texts that people read. */
function restoreWords(reply: Classification, { restore }: Pick<OutgoingTicket, 'restore'>): Classification {
  return {
    ...reply,
    reasoning: restore(reply.reasoning),
    decidingWords: reply.decidingWords.map(restore),
    abstainReason: reply.abstainReason === null ? null : restore(reply.abstainReason),
    // Its texts are its own.
    abstainFacts: undefined,
    reasoningFacts: undefined,
    stageFacts: undefined,
    stageReason: restore(reply.stageReason),
  };
}

/** The taxonomy as in its file: without `nodes` and `leaves`, which are derived from `intents`. */
function mapTaxonomy({ name, version, priority, whenAngry, instructions, intents }: Taxonomy) {
  return { name, version, priority, whenAngry, instructions, intents };
}

function parseReply(options: { text: string; taxonomy: Taxonomy; fail: Fail }): Classification {
  const { text, taxonomy, fail } = options;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail(false, 'did not return JSON');
  }
  const parsed = classificationSchema.safeParse(value);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole value').slice(0, 5);
    throw fail(false, `returned something that is not a classification (${fields.join(', ')})`);
  }
  // The model may still use the ids that intents had when the model was trained.
  const present = (id: string) => presentIntent(taxonomy, id);
  const classification = {
    ...parsed.data,
    runnersUp: parsed.data.runnersUp.map((runnerUp) => ({ ...runnerUp, intent: present(runnerUp.intent) })),
    secondaryIntents: parsed.data.secondaryIntents.map(present),
  };
  if (classification.intent === null) return classification;
  const intent = resolveLeaf(taxonomy, classification.intent);
  if (intent === null) throw fail(false, 'named an intent that is not a leaf of the taxonomy');
  return { ...classification, intent };
}
