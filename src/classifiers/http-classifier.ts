import { type Deadline, raceSignal, startDeadline } from '../base/deadline.ts';
import { codeOf } from '../base/safe-error.ts';
import { ClassifierError } from '../errors.ts';
import { presentIntent, resolveLeaf } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { type Classification, type Classifier, classificationSchema } from './classifier.ts';
import type { RedactInTurns } from './claude/build-request.ts';
import { mapOutgoingTicket, type OutgoingTicket, withoutAttributes } from './outgoing-ticket.ts';

const DEFAULT_DEADLINE_MS = 20_000;
/** Too many requests, and not available: whichever ticket is sent. */
const awayStatuses = new Set([429, 503]);
/** Codes of a connection that was never made, so that the ticket cannot be to blame. */
const neverReached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** A classification is a few kilobytes; more is not one. */
const MAX_REPLY_BYTES = 1_000_000;

/**
 * A model of the user's own behind HTTP (`classifier: { http: URL }`): the ticket and the taxonomy are posted as
 * `{ ticket, taxonomy }`, and a `Classification` is expected back, both as JSON. The ticket is sent redacted and what
 * comes back is restored, unless `redact` is null. It is asked once, within `deadlineMs` and the request's own
 * deadline: the job of a ticket is tried again anyway. Rejects with ClassifierError; 5xx, 429, time-outs and lost
 * connections may pass, and 429, 503 and a server that cannot be reached say nothing about the ticket.
 */
export function createHttpClassifier(options: {
  url: string;
  /** Null sends tickets as they are, but for the requester's attributes. */
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
    return readBounded(response, () => fail(false, `answered more than ${MAX_REPLY_BYTES} bytes`));
  };
  const prepare = async (ticket: Ticket): Promise<OutgoingTicket> => {
    if (redact === null) return { ticket: withoutAttributes(ticket), restore: (words) => words };
    try {
      return await mapOutgoingTicket({ ticket, redact });
    } catch (cause) {
      throw fail(false, 'was not asked: what identifies people could not be taken out of this ticket', { cause });
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

/** What people read of the reply, with the placeholders of redaction replaced by what they stand for. */
function restoreWords(reply: Classification, { restore }: Pick<OutgoingTicket, 'restore'>): Classification {
  return {
    ...reply,
    reasoning: restore(reply.reasoning),
    decidingWords: reply.decidingWords.map(restore),
    abstainReason: reply.abstainReason === null ? null : restore(reply.abstainReason),
    stageReason: restore(reply.stageReason),
  };
}

/** The tree as it is written; `nodes` and `leaves` are views of it. */
function mapTaxonomy({ name, version, priority, whenAngry, instructions, intents }: Taxonomy) {
  return { name, version, priority, whenAngry, instructions, intents };
}

async function readBounded(response: Response, tooLong: () => ClassifierError): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_REPLY_BYTES) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseReply(options: { text: string; taxonomy: Taxonomy; fail: Fail }): Classification {
  const { text, taxonomy, fail } = options;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail(false, 'did not answer JSON');
  }
  const parsed = classificationSchema.safeParse(value);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole value').slice(0, 5);
    throw fail(false, `answered something that is not a classification (${fields.join(', ')})`);
  }
  // It may still name intents as they were called when it was trained.
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
