import { raceSignal } from '../../base/deadline.ts';

/** Limits how many calls run at the same time; the others wait in order of arrival. */
export type Limiter = {
  /** Resolves with the function that releases the place. Rejects when the signal aborts while waiting. */
  acquire(signal: AbortSignal): Promise<() => void>;
  /** Changes the limit; running calls are not stopped. */
  resize(max: number): void;
};

export function createLimiter(initialMax: number): Limiter {
  let max = initialMax;
  let running = 0;
  const waiting: (() => void)[] = [];

  const startWaiting = () => {
    while (running < max) {
      const next = waiting.shift();
      if (next === undefined) return;
      running += 1;
      next();
    }
  };
  const releaseOnce = () => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      running -= 1;
      startWaiting();
    };
  };

  return {
    async acquire(signal) {
      signal.throwIfAborted();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      startWaiting();
      try {
        await raceSignal({ work: promise, signal });
        return releaseOnce();
      } catch (error) {
        const at = waiting.indexOf(resolve);
        if (at >= 0) waiting.splice(at, 1);
        else releaseOnce()(); // the place had just been given to us
        throw error;
      }
    },
    resize(next) {
      max = next;
      startWaiting();
    },
  };
}
