import { raceSignal, sleep } from '../../../base/deadline.ts';

// An entry lives five minutes from the start of the request that wrote or read it (prompt caching page); a margin
// for clocks and for the way there.
const WARM_MS = 4.5 * 60_000;
// Followers do not wait longer than this for the first response to begin: a cache write more costs less than the wait.
const LONGEST_WAIT_MS = 3_000;

/**
 * Lets the first request with a prompt go ahead, and the others follow when its response begins: only from then on the
 * cached part can be read. Without this a burst would write the same prefix to the cache once per ticket.
 */
export type CacheWarmUp = {
  /** Call before sending. `began` is to be called when the response begins, or when the request has failed. */
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
