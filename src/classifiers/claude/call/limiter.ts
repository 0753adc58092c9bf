import { raceSignal } from '../../../base/deadline.ts';

/** Lets at most `max` pieces of work run at once; the others wait in order of arrival. */
export type Limiter = {
  /** Resolves with the function that gives the place back. Rejects when the signal aborts while waiting. */
  enter(signal: AbortSignal): Promise<() => void>;
};

export function createLimiter(max: number): Limiter {
  let running = 0;
  const waiting: (() => void)[] = [];

  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next(); // the place passes on; `running` stays
  };
  const leaveOnce = () => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
    };
  };

  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (running < max) {
        running += 1;
        return leaveOnce();
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      try {
        await raceSignal({ work: promise, signal });
        return leaveOnce();
      } catch (error) {
        const at = waiting.indexOf(resolve);
        if (at >= 0) waiting.splice(at, 1);
        else leave(); // the place had just been given to us
        throw error;
      }
    },
  };
}
