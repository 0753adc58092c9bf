import { type Deadline, raceSignal, startDeadline } from '../../base/deadline.ts';
import type { CallOutcome, Permit } from './circuit-breaker.ts';
import type { ModelAccount } from './model-account.ts';
import { type FailureKind, type ModelFailure, modelFailure } from './model-failure.ts';
import type { Reservation, SpendPurpose } from './spend-ledger.ts';
import { type Spent, sumSpent } from './spent.ts';

/** How often a call is tried, and how long a pause between two attempts may be. */
export type RetryPolicy = {
  /** Number of attempts, the first one included. */
  readonly attempts: number;
  /** If the service asks for a longer pause than this, the call ends. */
  readonly longestPauseMs: number;
};

/** For calls that a ticket waits for. */
export const promptRetries: RetryPolicy = { attempts: 3, longestPauseMs: 5_000 };
/** For work that nobody waits for, such as embedding examples or rating explanations. */
export const patientRetries: RetryPolicy = { attempts: 4, longestPauseMs: 20_000 };

/** The call ends after this many unreadable replies, since each of them is paid for. */
const MAX_UNREADABLE = 2;
const FIRST_BACKOFF_MS = 400;
/** Share of the remaining time that an attempt may take while another could follow. */
const ATTEMPT_SHARE = 0.5;

/** What was read from a reply: the answer, or why the reply cannot be used. */
export type Reading<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: ModelFailure };

export type ModelCall<Reply, Answer> = {
  readonly account: ModelAccount;
  readonly model: string;
  readonly purpose: SpendPurpose;
  /** Estimated cost of one attempt in USD; the ledger reserves it before the attempt. */
  readonly estimatedUsd: number;
  /** Covers the wait for a place in the limiter, all attempts, and the pauses between them. */
  readonly deadline: Deadline;
  readonly retries: RetryPolicy;
  /** Makes one attempt, which should end when the signal aborts. */
  send(attempt: { readonly signal: AbortSignal; readonly timeoutMs: number }): Promise<Reply>;
  /** Tokens and cost of a reply. */
  measure(reply: Reply): Spent;
  read(reply: Reply): Reading<Answer>;
  /** Maps an error of `send` to a failure. */
  explain(error: unknown): ModelFailure;
  /** Returns a number between 0 and 1 for the jitter of the pauses; `Math.random` when left out. */
  readonly random?: (() => number) | undefined;
};

export type CallResult<Answer> = (
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: ModelFailure }
) & {
  /** Sum of all attempts, failed ones included. */
  readonly spent: Spent;
  /** What failed in earlier attempts, in order. */
  readonly notes: readonly string[];
};

/**
 * Calls a model, and calls it again where that may help, within the deadline, the limiter and circuit breaker of the
 * account, and the daily budget. A failure of the service becomes a result; rejects where the ledger cannot be reached.
 */
export async function callModel<Reply, Answer>(call: ModelCall<Reply, Answer>): Promise<CallResult<Answer>> {
  const { deadline, retries } = call;
  const spent: Spent[] = [];
  const notes: string[] = [];
  const end = (failure: ModelFailure): CallResult<Answer> => ({ ok: false, failure, spent: sumSpent(spent), notes });
  let unreadable = 0;

  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === retries.attempts;
    const result = await tryOnce({ call, isLast, onSpent: (more) => void spent.push(more) });
    call.account.watch.count({ model: call.model, outcome: result.ok ? 'answered' : result.failure.kind });
    if (result.ok) return { ...result, spent: sumSpent(spent), notes };
    const { failure } = result;
    const hasReplied = failure.kind === 'unreadable' || failure.kind === 'declined';
    if (!hasReplied && deadline.signal.aborted) return end(endedBySignal(deadline));
    if (failure.kind === 'unreadable') unreadable += 1;
    if (!failure.retryable || isLast || unreadable === MAX_UNREADABLE) return end(failure);
    const { retryAfterMs } = failure;
    if (retryAfterMs !== null && retryAfterMs > retries.longestPauseMs) {
      const detail = `${failure.detail}; the service asks to wait ${Math.round(retryAfterMs / 1_000)} s`;
      return end({ ...failure, detail });
    }
    notes.push(failure.detail);
    const pauseMs = failure.kind === 'unreadable' ? 0 : (retryAfterMs ?? backoffMs({ attempt, random: call.random }));
    if (pauseMs >= deadline.remainingMs()) {
      return end(modelFailure({ kind: 'deadline', detail: 'no time left for another attempt', retryable: false }));
    }
    try {
      await call.account.sleep({ ms: pauseMs, signal: deadline.signal });
    } catch {
      return end(endedBySignal(deadline));
    }
  }
}

function endedBySignal(deadline: Deadline): ModelFailure {
  return deadline.passed()
    ? modelFailure({ kind: 'deadline', detail: 'no answer in time', retryable: false })
    : modelFailure({ kind: 'cancelled', detail: 'the caller gave up', retryable: false });
}

/**
 * Doubles with each attempt. A random part of up to a quarter is taken off, so that many callers do not retry at once.
 */
function backoffMs({
  attempt,
  random = Math.random,
}: {
  attempt: number;
  random?: (() => number) | undefined;
}): number {
  return FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (1 - random() / 4);
}

type Attempt<Reply, Answer> = {
  readonly call: ModelCall<Reply, Answer>;
  readonly isLast: boolean;
  readonly onSpent: (spent: Spent) => void;
};

/** One attempt: waits for a place, checks the breaker, reserves budget, sends the request and reads the reply. */
async function tryOnce<Reply, Answer>(attempt: Attempt<Reply, Answer>): Promise<Reading<Answer>> {
  const { account, model, deadline } = attempt.call;
  const { signal } = deadline;
  let release: () => void;
  try {
    release = await account.limiter.acquire(signal);
  } catch {
    return { ok: false, failure: timedOut };
  }
  try {
    const permit = account.breakerFor(model).acquire();
    if (!permit.allowed) return { ok: false, failure: pausedFor(permit) };
    const reservation = await reserve(attempt.call).catch((error: unknown) => {
      permit.record('ignored');
      if (signal.aborted) return 'no-time' as const;
      throw error;
    });
    if (reservation === 'no-time') return { ok: false, failure: timedOut };
    if (reservation === null) {
      permit.record('ignored');
      return { ok: false, failure: budgetUsedUp };
    }
    return await sendAndSettle({ ...attempt, permit, reservation });
  } finally {
    release();
  }
}

/** Rejects when the deadline passes; an amount that the ledger reserves after that is released. */
async function reserve({ account, purpose, model, estimatedUsd, deadline }: Reserving): Promise<Reservation | null> {
  const { signal } = deadline;
  const work = account.ledger.reserve({ purpose, model, usd: estimatedUsd });
  try {
    return await raceSignal({ work, signal });
  } catch (error) {
    if (signal.aborted) work.then((late) => late?.settle(0)).catch(() => undefined);
    throw error;
  }
}
type Reserving = Pick<ModelCall<never, never>, 'account' | 'purpose' | 'model' | 'estimatedUsd' | 'deadline'>;

async function sendAndSettle<Reply, Answer>(
  attempt: Attempt<Reply, Answer> & {
    readonly permit: Extract<Permit, { allowed: true }>;
    readonly reservation: Reservation;
  },
): Promise<Reading<Answer>> {
  const { call, isLast, permit, reservation } = attempt;
  const { deadline } = call;
  // Writing the cost to the ledger must not delay the answer past the ticket's deadline.
  const settle = (usd: number) =>
    raceSignal({ work: reservation.settle(usd), signal: deadline.signal }).catch(() => undefined);
  const timeoutMs = deadline.remainingMs();
  using time = startDeadline({ timeoutMs: isLast ? timeoutMs : timeoutMs * ATTEMPT_SHARE, signal: deadline.signal });
  let reply: Reply;
  try {
    reply = await raceSignal({ work: call.send({ signal: time.signal, timeoutMs }), signal: time.signal });
  } catch (error) {
    const failure = time.signal.aborted ? timedOut : call.explain(error);
    const gaveUp = deadline.signal.aborted && !deadline.passed();
    permit.record(gaveUp ? 'ignored' : outcomeOf[failure.kind], failure.summary);
    // A refused request costs nothing. One that we ended early may still be charged, so its reservation stays spent.
    if (failure.kind !== 'timeout') await settle(0);
    return { ok: false, failure };
  }
  const spent = call.measure(reply);
  attempt.onSpent(spent);
  permit.record('succeeded');
  await settle(spent.costUsd);
  return call.read(reply);
}

/** What a failed call says about the service. */
const outcomeOf: Readonly<Record<FailureKind, CallOutcome>> = {
  timeout: 'failed',
  unavailable: 'failed',
  // Our requests differ only in their texts: several refusals in a row are not caused by one ticket.
  rejected: 'failed',
  access: 'blocked',
  'spend-limit': 'blocked',
  // A rate limit shows that the service works; pausing all calls would send whole bursts of tickets to the fallback.
  'rate-limited': 'ignored',
  cancelled: 'ignored',
  deadline: 'ignored',
  budget: 'ignored',
  paused: 'ignored',
  unsendable: 'ignored',
  unreadable: 'succeeded',
  declined: 'succeeded',
};

const timedOut = modelFailure({ kind: 'timeout', detail: 'no answer in time', retryable: true });
const budgetUsedUp = modelFailure({ kind: 'budget', detail: 'the daily budget is used up', retryable: false });

function pausedFor({ why, retryInMs }: Extract<Permit, { allowed: false }>): ModelFailure {
  const seconds = Math.ceil(retryInMs / 1_000);
  const detail = `calls are paused after repeated failures (${why}); the next try is in ${seconds} s`;
  return modelFailure({ kind: 'paused', detail, retryable: false });
}
