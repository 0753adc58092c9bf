import { raceSignal, sleep } from '../../../base/deadline.ts';

// A cache entry lives five minutes from the start of the request that wrote or read it (prompt caching page). Half a
// minute less leaves a margin for clocks and for the network.
const WARM_MS = 4.5 * 60_000;
// The others wait no longer than this for the first response to begin: one more cache write costs less than the wait.
const LONGEST_WAIT_MS = 3_000;

/**
 * Lets the first request with a prompt go first and holds the others until its response begins, since the cached part
 * can be read only from then on. Without this, every ticket of a burst would pay for writing the same prefix.
 */
export type CacheWarmUp = {
  /** Call this before sending; rejects when the signal aborts. Then call `began` when the response begins or fails. */
  enter(options: { key: string; signal: AbortSignal }): Promise<{ began(succeeded: boolean): void }>;
};

export function createCacheWarmUp({ now }: { now: () => number }): CacheWarmUp {
  const warmUntil = new Map<string, number>();
  const leaders = new Map<string, Promise<void>>();

  const startLeading = (key: string) => {
    const startedAt = now();
    const { promise, resolve } = Promise.withResolvers<void>();
    leaders.set(key, promise);
    return {
      began(succeeded: boolean) {
        if (succeeded) warmUntil.set(key, startedAt + WARM_MS);
        if (leaders.get(key) === promise) leaders.delete(key);
        resolve();
      },
    };
  };

  const follow = (key: string) => {
    const startedAt = now();
    return {
      began(succeeded: boolean) {
        if (succeeded) warmUntil.set(key, Math.max(warmUntil.get(key) ?? 0, startedAt + WARM_MS));
      },
    };
  };

  return {
    async enter({ key, signal }) {
      const patience = new AbortController();
      try {
        const tooLong = sleep({ ms: LONGEST_WAIT_MS, signal: patience.signal }).catch(() => undefined);
        while ((warmUntil.get(key) ?? 0) <= now()) {
          const leader = leaders.get(key);
          if (leader === undefined) return startLeading(key);
          const ready = await raceSignal({
            work: Promise.race([leader.then(() => true), tooLong.then(() => false)]),
            signal,
          });
          if (!ready) break;
        }
        return follow(key);
      } finally {
        patience.abort();
      }
    },
  };
}
