import { type Deadline, raceSignal, startDeadline } from '../../base/deadline.ts';
import type { CallOutcome, Permit } from './circuit-breaker.ts';
import type { ModelAccount } from './model-account.ts';
import { type FailureKind, type ModelFailure, modelFailure } from './model-failure.ts';
import type { Reservation, SpendPurpose } from './spend-ledger.ts';
import { type Spent, sumSpent } from './spent.ts';

/** How often and how patiently a call is tried again. */
export type RetryPolicy = {
  /** The first one included. */
  readonly attempts: number;
  /** A service that asks for a longer pause than this is not waited for. */
  readonly longestPauseMs: number;
};

/** Where a ticket waits. */
export const promptRetries: RetryPolicy = { attempts: 3, longestPauseMs: 5_000 };
/** Where nobody waits: examples to embed, explanations to rate. */
export const patientRetries: RetryPolicy = { attempts: 4, longestPauseMs: 20_000 };

/** A reply that cannot be used is asked for once more: each one costs. */
const MAX_UNREADABLE = 2;
const FIRST_BACKOFF_MS = 400;
/** Share of the remaining time that an attempt may take while another could follow. */
const ATTEMPT_SHARE = 0.5;

/** What came of a reply: what was asked for, or why it cannot be used. */
export type Reading<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: ModelFailure };

export type ModelCall<Reply, Answer> = {
  readonly account: ModelAccount;
  readonly model: string;
  readonly purpose: SpendPurpose;
  /** What one attempt may cost, about; it is set aside before. */
  readonly estimatedUsd: number;
  /** For everything: waiting for a place, attempts and pauses. */
  readonly deadline: Deadline;
  readonly retries: RetryPolicy;
  /** Makes one attempt, which ends with its signal. */
  send(attempt: { readonly signal: AbortSignal; readonly timeoutMs: number }): Promise<Reply>;
  /** What a reply has cost. */
  measure(reply: Reply): Spent;
  read(reply: Reply): Reading<Answer>;
  /** What an error of `send` means. */
  explain(error: unknown): ModelFailure;
  /** Between 0 and 1; for the jitter of the pauses. */
  readonly random?: (() => number) | undefined;
};

export type CallResult<Answer> = (
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: ModelFailure }
) & {
  /** All attempts, failed ones included. */
  readonly spent: Spent;
  /** What went wrong before, attempt by attempt. */
  readonly notes: readonly string[];
};

/**
 * Asks a model and asks again where that may help, within the deadline, the places of the account, its breaker and the
 * day's budget. Whatever the service does ends in a result; rejects only where the ledger cannot be reached.
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
      const detail = `${failure.detail}, to be tried again in ${Math.round(retryAfterMs / 1_000)} s`;
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

/** Doubles from the first pause on, less up to a quarter so that many callers do not come back at once. */
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

/** One attempt: a place, the breaker, the budget, the call, the reading. */
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

/** Rejects when the time is over; what the ledger books after that is given back. */
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
  // Booking the cost may not delay the answer past the ticket's deadline.
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
    // A refused request costs nothing. One that we broke off may have been paid for: its reservation stays spent.
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
  // Our requests differ in nothing but words: several refusals in a row are no accident of one ticket.
  rejected: 'failed',
  access: 'blocked',
  'spend-limit': 'blocked',
  // A rate limit says that the service works; pausing all calls for it would send whole bursts to the fallback.
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
  const detail = `it is left alone after repeated failures (${why}), next try in ${seconds} s`;
  return modelFailure({ kind: 'paused', detail, retryable: false });
}
