import type { Message } from '@anthropic-ai/sdk/resources/messages';
import { type Deadline, raceSignal, sleep, startDeadline } from '../../../base/deadline.ts';
import { noUsage, type Usage } from '../../classifier.ts';
import type { ClaudeRequest } from '../build-request.ts';
import { costOf, priceFor } from '../cost.ts';
import { estimateTokens } from '../estimate-tokens.ts';
import { type Answer, parseReply, type ReplyReading, type UnreadableKind } from '../parse-reply.ts';
import { addUsage, mapUsage } from '../reply-message.ts';
import type { ModelPrice } from '../settings.ts';
import { type CallFailure, toCallFailure } from './call-failure.ts';
import type { Passage } from './circuit-breaker.ts';
import type { ClaudeConnection } from './connection.ts';
import type { Reservation } from './daily-budget.ts';

/** Attempts for one question, the first included. */
const MAX_ATTEMPTS = 3;
/** A reply that cannot be read is asked for once more: each one costs. */
const MAX_UNREADABLE = 2;
/** A service that asks for a longer pause than this is not waited for. */
const MAX_RETRY_AFTER_MS = 5_000;
const FIRST_BACKOFF_MS = 400;
/** Share of the remaining time that an attempt may take while another could follow. */
const ATTEMPT_SHARE = 0.5;
/** How much more room an answer gets after it was cut off. */
const MORE_ROOM_FACTOR = 4;

/** Money and tokens of all attempts, failed ones included. */
export type Spent = { readonly usage: Usage; readonly costUsd: number };

export type AskResult =
  | { readonly ok: true; readonly answer: Answer; readonly spent: Spent; readonly notes: readonly string[] }
  | {
      readonly ok: false;
      /** `refusal` wants a person; `cancelled` is the caller's own wish. */
      readonly kind: 'refusal' | 'cancelled' | 'deadline' | 'failed';
      readonly detail: string;
      /** What a person can do about it; null where waiting is all. */
      readonly cure: string | null;
      readonly spent: Spent;
      readonly notes: readonly string[];
    };

export type AskOptions = {
  readonly connection: ClaudeConnection;
  readonly request: ClaudeRequest;
  readonly deadline: Deadline;
  readonly prices: Readonly<Record<string, ModelPrice>>;
  /** Between 0 and 1; for the jitter of the pauses. */
  readonly random?: () => number;
};

type Attempt =
  | { readonly kind: 'reading'; readonly reading: ReplyReading }
  | { readonly kind: 'failure'; readonly failure: CallFailure }
  | { readonly kind: 'closed'; readonly detail: string };

const asksAgain: Readonly<Record<UnreadableKind, boolean>> = {
  truncated: true,
  empty: true,
  invalid: true,
  'unknown-intent': true,
  refusal: false, // the same request is usually refused again
  'too-long': false,
};

/** Asks one question and asks again where that may help, within the deadline. Never rejects, never hangs. */
export async function askClaude(options: AskOptions): Promise<AskResult> {
  const { deadline } = options;
  const purse = createPurse();
  const notes: string[] = [];
  let { request } = options;
  let unreadable = 0;
  const end = (
    kind: 'refusal' | 'cancelled' | 'deadline' | 'failed',
    detail: string,
    cure: string | null = null,
  ): AskResult => ({
    ok: false,
    kind,
    detail,
    cure,
    spent: purse.spent(),
    notes,
  });

  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === MAX_ATTEMPTS;
    const outcome = await tryOnce({ ...options, request, isLast, purse });
    if (outcome.kind === 'closed') return end('failed', outcome.detail);
    let pauseMs = 0;
    if (outcome.kind === 'reading') {
      const { reading } = outcome;
      if (reading.ok) return { ok: true, answer: reading.answer, spent: purse.spent(), notes };
      if (reading.kind === 'refusal') return end('refusal', reading.detail);
      unreadable += 1;
      if (!asksAgain[reading.kind] || unreadable === MAX_UNREADABLE || isLast) return end('failed', reading.detail);
      if (reading.kind === 'truncated') request = withMoreRoom(request);
      notes.push(reading.detail);
    } else {
      const { failure } = outcome;
      if (deadline.signal.aborted) return endedBySignal({ deadline, end, notes });
      if (!failure.retryable || isLast) return end('failed', failure.detail, failure.cure);
      if (failure.retryAfterMs !== null && failure.retryAfterMs > MAX_RETRY_AFTER_MS) {
        return end('failed', `${failure.detail}, to be tried again in ${Math.round(failure.retryAfterMs / 1_000)} s`);
      }
      notes.push(failure.detail);
      pauseMs = failure.retryAfterMs ?? backoffMs({ attempt, random: options.random ?? Math.random });
    }
    if (pauseMs >= deadline.remainingMs()) return end('deadline', 'no time left for another attempt');
    try {
      await sleep({ ms: pauseMs, signal: deadline.signal });
    } catch {
      return endedBySignal({ deadline, end, notes });
    }
  }
}

function endedBySignal(options: {
  deadline: Deadline;
  end: (kind: 'cancelled' | 'deadline', detail: string) => AskResult;
  notes: readonly string[];
}): AskResult {
  return options.deadline.passed()
    ? options.end('deadline', 'no answer in time')
    : options.end('cancelled', 'the caller gave up');
}

/** Doubles from the first pause on, less up to a quarter so that many callers do not come back at once. */
function backoffMs({ attempt, random }: { attempt: number; random: () => number }): number {
  return FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (1 - random() / 4);
}

function withMoreRoom(request: ClaudeRequest): ClaudeRequest {
  return { ...request, params: { ...request.params, max_tokens: request.params.max_tokens * MORE_ROOM_FACTOR } };
}

type Purse = { add(spent: Spent): void; spent(): Spent };

function createPurse(): Purse {
  let total: Spent = { usage: noUsage, costUsd: 0 };
  return {
    add: (spent) => {
      total = { usage: addUsage(total.usage, spent.usage), costUsd: total.costUsd + spent.costUsd };
    },
    spent: () => total,
  };
}

/** One attempt: a place, the breaker, the budget, the call, the reading. */
async function tryOnce(options: AskOptions & { isLast: boolean; purse: Purse }): Promise<Attempt> {
  const { connection, request, deadline, prices } = options;
  let leave: () => void;
  try {
    leave = await connection.limiter.enter(deadline.signal);
  } catch (error) {
    return { kind: 'failure', failure: toCallFailure(error) };
  }
  try {
    const passage = connection.breakerFor(request.params.model).enter();
    if (!passage.open) {
      const seconds = Math.ceil(passage.retryInMs / 1_000);
      return {
        kind: 'closed',
        detail: `it is left alone after repeated failures (${passage.why}), next try in ${seconds} s`,
      };
    }
    const reservation = connection.budget.reserve(estimatedCost({ request, prices }));
    if (reservation === null) {
      passage.end('unrelated');
      return { kind: 'closed', detail: 'the daily budget for Claude is used up' };
    }
    return await callAndSettle({ ...options, passage, reservation });
  } finally {
    leave();
  }
}

async function callAndSettle(
  options: AskOptions & {
    isLast: boolean;
    purse: Purse;
    passage: Extract<Passage, { open: true }>;
    reservation: Reservation;
  },
): Promise<Attempt> {
  const { request, deadline, prices, purse, passage, reservation } = options;
  try {
    const message = await call(options);
    const { usage, cacheWriteOneHourTokens } = mapUsage(message);
    const costUsd = costOf({ model: request.params.model, usage, prices, cacheWriteOneHourTokens }) ?? 0;
    purse.add({ usage, costUsd });
    reservation.settle(costUsd);
    passage.end('answered');
    return { kind: 'reading', reading: parseReply({ message, request }) };
  } catch (error) {
    const failure = toCallFailure(error);
    const gaveUp = deadline.signal.aborted && !deadline.passed();
    passage.end(gaveUp ? 'unrelated' : failure.outcome, failure.detail);
    // A refused request costs nothing. One that we broke off may have been paid for: its reservation stays spent.
    if (!failure.aborted) reservation.settle(0);
    return { kind: 'failure', failure };
  }
}

async function call(options: AskOptions & { isLast: boolean }): Promise<Message> {
  const { connection, request, deadline, isLast } = options;
  const warm = await connection.warmUp.enter({
    key: request.question.cacheKey,
    signal: deadline.signal,
  });
  const remainingMs = deadline.remainingMs();
  using attempt = startDeadline({
    timeoutMs: isLast ? remainingMs : remainingMs * ATTEMPT_SHARE,
    signal: deadline.signal,
  });
  try {
    const work = connection.client.messages.create(request.params, {
      signal: attempt.signal,
      timeout: Math.max(1, Math.ceil(remainingMs)),
      middleware: [
        async (request, next) => {
          const response = await next(request);
          warm.began(response.ok);
          return response;
        },
      ],
    });
    return await raceSignal({ work, signal: attempt.signal });
  } finally {
    warm.began(false); // no effect when the response has begun
  }
}

/** What a call may cost at most, about: nothing read from the cache, and an answer of ordinary length. */
function estimatedCost({ request, prices }: Pick<AskOptions, 'request' | 'prices'>): number {
  const { model } = request.params;
  const promptTokens = request.question.systemTokens + estimateTokens(request.seenText) + EXAMPLES_TOKENS;
  const price = priceFor({ model, prices, promptTokens });
  if (price === null) return 0;
  return (promptTokens * price.cacheWrite + ANSWER_TOKENS * price.output) / 1e6;
}

// Sizes for the reservation only: what retrieved examples and an answer weigh.
const EXAMPLES_TOKENS = 400;
const ANSWER_TOKENS = 150;
