import { SwitchboardError } from '../errors.ts';

/**
 * Returns a function that runs one piece of work after the other, so that signing in never takes more than one core and the
 * memory of one hash. It throws `busy` when `mostWaiting` are under way already.
 */
export function createTurns(mostWaiting: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    if (waiting >= mostWaiting) {
      throw new SwitchboardError({
        code: 'busy',
        message: 'Too many people sign in just now. Try again in some seconds.',
      });
    }
    waiting += 1;
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine.finally(() => {
      waiting -= 1;
    });
  };
}
