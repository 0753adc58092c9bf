// After this many failures in a row Claude is left alone for a while: calls that would only wait are not made. Many calls
// at once reach the number in a moment, so the first pause is short; it doubles with every probe that fails.
const FAILURES_TO_OPEN = 5;
const FIRST_OPEN_MS = 5_000;
const LONGEST_OPEN_MS = 60_000;
// What no waiting for seconds cures (a refused key, a spend cap) is probed less often.
const OPEN_LONG_MS = 300_000;

/** What the end of a call says about the service. */
export type CallOutcome =
  | 'answered'
  /** A failure that may pass soon: overload, connection, time-out. */
  | 'unavailable'
  /** A failure that somebody has to cure: key, spend cap. */
  | 'shut'
  /** Says nothing about whether the service works: the caller gave up, or too much was asked at once. */
  | 'unrelated';

export type Passage =
  | { readonly open: true; end(outcome: CallOutcome, why?: string): void }
  | { readonly open: false; readonly why: string; readonly retryInMs: number };

/** Stops calls while the service is down, and lets one through now and then to see whether it is back (half-open). */
export type CircuitBreaker = { enter(): Passage };

export function createCircuitBreaker({ now }: { now: () => number }): CircuitBreaker {
  let failures = 0;
  let openUntil: number | null = null;
  let probing = false;
  let lastWhy = '';
  let nextOpenMs = FIRST_OPEN_MS;

  const open = (ms: number) => {
    openUntil = now() + ms;
  };

  const end = (isProbe: boolean) => {
    let ended = false;
    return (outcome: CallOutcome, why = '') => {
      if (ended) return;
      ended = true;
      if (isProbe) probing = false;
      if (outcome === 'unrelated') return;
      if (outcome === 'answered') {
        failures = 0;
        openUntil = null;
        nextOpenMs = FIRST_OPEN_MS;
        return;
      }
      failures += 1;
      lastWhy = why;
      if (outcome === 'shut') open(OPEN_LONG_MS);
      else if (isProbe || (openUntil === null && failures >= FAILURES_TO_OPEN)) {
        open(nextOpenMs);
        nextOpenMs = Math.min(LONGEST_OPEN_MS, nextOpenMs * 2);
      }
    };
  };

  return {
    enter() {
      if (openUntil === null) return { open: true, end: end(false) };
      const retryInMs = openUntil - now();
      if (retryInMs > 0 || probing) return { open: false, why: lastWhy, retryInMs: Math.max(0, retryInMs) };
      probing = true;
      return { open: true, end: end(true) };
    },
  };
}
