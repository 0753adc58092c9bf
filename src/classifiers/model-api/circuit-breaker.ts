// After this many failures in a row, calls to a model are paused: they would most likely fail too. Many calls at the
// same time reach this number within a moment, so the first pause is short; it doubles with every probe that fails.
const FAILURES_TO_OPEN = 5;
const FIRST_OPEN_MS = 5_000;
const LONGEST_OPEN_MS = 60_000;
// A refused key or a spend cap does not pass within seconds, so it is probed less often.
const OPEN_LONG_MS = 300_000;

/** What the result of a call says about the service. */
export type CallOutcome =
  | 'succeeded'
  /** A failure that may pass soon: overload, connection, time-out. */
  | 'failed'
  /** A failure that a person has to correct: key, spend cap. */
  | 'blocked'
  /** Says nothing about whether the service works: the caller gave up, or there were too many calls at once. */
  | 'ignored';

/** The state of an open breaker. After `openUntil` it lets one probe through at a time; the first success closes it. */
export type BreakerState = {
  /** Milliseconds since 1970. */
  readonly openUntil: number;
  readonly why: string;
};

/** Stores the states of breakers by name: in this process, or for all processes that share a store. */
export type BreakerBoard = {
  /** Null while calls are let through. */
  get(name: string): BreakerState | null;
  set(name: string, state: BreakerState | null): void;
  /** The listener is called after a state was set, here or in another process. */
  onChange(listener: (name: string) => void): void;
};

export function createMemoryBoard(): BreakerBoard {
  const states = new Map<string, BreakerState>();
  const listeners: ((name: string) => void)[] = [];
  return {
    get: (name) => states.get(name) ?? null,
    set(name, state) {
      if (state === null) states.delete(name);
      else states.set(name, state);
      for (const listener of listeners) listener(name);
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

export type Permit =
  | { readonly allowed: true; record(outcome: CallOutcome, why?: string): void }
  | { readonly allowed: false; readonly why: string; readonly retryInMs: number };

/**
 * Stops calls while a service is down, and lets one call through after each pause to find out whether it works again.
 */
export type CircuitBreaker = { acquire(): Permit };

export function createCircuitBreaker(options: {
  name: string;
  board: BreakerBoard;
  /** Milliseconds since 1970. */
  now: () => number;
}): CircuitBreaker {
  const { name, board, now } = options;
  let failures = 0;
  let hasOpened = false;
  let isProbing = false;
  let nextOpenMs = FIRST_OPEN_MS;

  const open = (forMs: number, why: string) => {
    hasOpened = true;
    board.set(name, { openUntil: now() + forMs, why });
  };
  const close = () => {
    failures = 0;
    hasOpened = false;
    nextOpenMs = FIRST_OPEN_MS;
    if (board.get(name) !== null) board.set(name, null);
  };

  const recorder = (isProbe: boolean) => {
    let recorded = false;
    return (outcome: CallOutcome, why = '') => {
      if (recorded) return;
      recorded = true;
      if (isProbe) isProbing = false;
      if (outcome === 'ignored') return;
      if (outcome === 'succeeded') return close();
      failures += 1;
      if (outcome === 'blocked') open(OPEN_LONG_MS, why);
      else if (isProbe || (board.get(name) === null && failures >= FAILURES_TO_OPEN)) {
        open(nextOpenMs, why);
        nextOpenMs = Math.min(LONGEST_OPEN_MS, nextOpenMs * 2);
      }
    };
  };

  return {
    acquire() {
      const state = board.get(name);
      if (state === null) {
        if (hasOpened) close(); // a call of another process succeeded
        return { allowed: true, record: recorder(false) };
      }
      const retryInMs = Math.max(0, state.openUntil - now());
      if (retryInMs > 0 || isProbing) return { allowed: false, why: state.why, retryInMs };
      isProbing = true;
      return { allowed: true, record: recorder(true) };
    },
  };
}
