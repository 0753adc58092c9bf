import { setImmediate as nextLoop } from 'node:timers/promises';

/** Turns to work in a thread that does one thing at a time. */
export type Turns = {
  /** Resolves when the caller may work, until it next waits for something. */
  next(): Promise<void>;
};

/** Does something with the items, `size` of them at a time; between these, turns are given and messages received. */
export async function inPieces<Item>(
  items: readonly Item[],
  { size, run }: { size: number; run: (piece: readonly Item[]) => void | Promise<void> },
): Promise<void> {
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await nextLoop();
    await run(items.slice(start, start + size));
  }
}

/** Gives turns one at a time, in the order in which they were asked for, with messages received in between. */
export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  const giveTurn = () => {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(giveTurn);
  };
  return {
    next: () =>
      new Promise((resolve) => {
        if (waiting.push(resolve) === 1) setImmediate(giveTurn);
      }),
  };
}
