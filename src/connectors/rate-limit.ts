import { sleep as realSleep } from '../base/deadline.ts';

/** Holds calls back so that no more than a number of them begin in a time. */
export type RateLimit = {
  /** Resolves when a call may begin. Calls begin in the order in which they asked. Rejects when the signal aborts first. */
  take(signal: AbortSignal): Promise<void>;
};

/**
 * A token bucket: `calls` may begin at once, and one more after each `perMs / calls` milliseconds. Throws RangeError for
 * numbers that are not positive.
 */
export function createRateLimit(options: {
  readonly calls: number;
  readonly perMs: number;
  readonly now?: () => number;
  readonly sleep?: typeof realSleep;
}): RateLimit {
  const { calls, perMs, now = () => performance.now(), sleep = realSleep } = options;
  if (!(calls > 0) || !(perMs > 0)) throw new RangeError('a rate limit needs a positive number of calls and time');
  const interval = perMs / calls;
  /** When calls would be even again if none began from now on (the generic cell rate algorithm of ATM networks). */
  let evenAt = now();
  let last: Promise<void> = Promise.resolve();
  const takeOne = async (signal: AbortSignal) => {
    signal.throwIfAborted();
    const waitMs = evenAt - (calls - 1) * interval - now();
    if (waitMs > 0) await sleep({ ms: waitMs, signal });
    evenAt = Math.max(evenAt, now()) + interval;
  };
  return {
    take(signal) {
      const mine = last.then(() => takeOne(signal));
      last = mine.catch(() => {}); // whoever gives up leaves its place to the next
      return mine;
    },
  };
}
