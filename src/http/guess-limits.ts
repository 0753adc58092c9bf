// Limits how fast passwords and tokens can be guessed.
import type { Clock } from '../base/clock.ts';

const MINUTE_MS = 60_000;
/** Wrong tokens and passwords from one address, which an office may share. */
const PER_ADDRESS = { most: 100, windowMs: MINUTE_MS } as const;
/** Attempts on one user from one address: whoever guesses there locks out only that address. */
const PER_USER_AND_ADDRESS = { most: 10, windowMs: 15 * MINUTE_MS } as const;
/** Attempts on one user from all addresses together. */
const PER_USER = { most: 50, windowMs: 15 * MINUTE_MS } as const;
/** Counts that are kept; each attempt on a password takes a quarter of a second, so that nobody can push out many. */
const MOST_COUNTS = 10_000;

export type GuessLimits = {
  /** Counts a wrong token. Returns the seconds to wait when there were too many; else null. */
  countWrong(address: string): number | null;
  /** Counts an attempt with a password before it is checked. Returns the seconds to wait when it may not be checked. */
  start(attempt: { user: string; address: string }): number | null;
  /** Takes back an attempt whose password could not be checked. */
  cancel(attempt: { user: string; address: string }): void;
  /** Forgets the attempts on this user from this address, because the password was right. */
  succeed(attempt: { user: string; address: string }): void;
};

export function createGuessLimits({ now }: { now: Clock }): GuessLimits {
  const addresses = createCounts(PER_ADDRESS, now);
  const users = createCounts(PER_USER, now);
  const pairs = createCounts(PER_USER_AND_ADDRESS, now);
  const keysOf = ({ user, address }: { user: string; address: string }) =>
    [
      [pairs, `${user}\0${address}`],
      [users, user],
      [addresses, address],
    ] as const;
  return {
    countWrong: (address) => addresses.take(address),
    start(attempt) {
      // All are asked before any counts: an attempt that is not made costs nobody anything.
      const waits = keysOf(attempt).map(([counts, key]) => counts.waitFor(key) ?? 0);
      if (Math.max(...waits) > 0) return Math.max(...waits);
      for (const [counts, key] of keysOf(attempt)) counts.take(key);
      return null;
    },
    cancel(attempt) {
      for (const [counts, key] of keysOf(attempt)) counts.giveBack(key);
    },
    succeed({ user, address }) {
      pairs.forget(`${user}\0${address}`);
      users.giveBack(user);
      addresses.giveBack(address);
    },
  };
}

type Count = { count: number; readonly endsAt: number };

function createCounts({ most, windowMs }: { most: number; windowMs: number }, now: Clock) {
  const counts = new Map<string, Count>();
  const current = (key: string): Count => {
    const found = counts.get(key);
    if (found !== undefined && found.endsAt > now().getTime()) return found;
    counts.delete(key); // So that it is the newest in the order of the map.
    const fresh = { count: 0, endsAt: now().getTime() + windowMs };
    counts.set(key, fresh);
    for (const [old] of counts) {
      if (counts.size <= MOST_COUNTS) break;
      counts.delete(old);
    }
    return fresh;
  };
  const secondsUntil = ({ endsAt }: Count) => Math.max(1, Math.ceil((endsAt - now().getTime()) / 1_000));
  return {
    /** Seconds until the next is allowed; null when it is allowed now. */
    waitFor(key: string): number | null {
      const found = current(key);
      return found.count >= most ? secondsUntil(found) : null;
    },
    /** Counts one; returns the seconds to wait when it was one too many. */
    take(key: string): number | null {
      const found = current(key);
      found.count += 1;
      return found.count > most ? secondsUntil(found) : null;
    },
    giveBack(key: string): void {
      const found = current(key);
      found.count = Math.max(0, found.count - 1);
    },
    forget(key: string): void {
      counts.delete(key);
    },
  };
}
