import { setImmediate as nextLoop } from 'node:timers/promises';

/** Turns to work in a thread that does one thing at a time. */
export type Turns = {
  /** Resolves when the caller may work, until it next waits for something. Searches come before tickets. */
  next(kind: 'search' | 'ticket'): Promise<void>;
};

/** Does something for each item, `size` at a time; between these, turns are given and messages received. */
export async function inPieces<Item>(
  items: readonly Item[],
  { size, run }: { size: number; run: (item: Item) => void },
): Promise<void> {
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await nextLoop();
    for (const item of items.slice(start, start + size)) run(item);
  }
}

/** So many searches share a turn, and the message that answers them; they take less than a ticket does. */
const SEARCHES_A_TURN = 8;

/**
 * Gives turns to a few searches or one ticket, with messages received in between: a search takes half a millisecond and
 * Claude waits for it, so it does not wait behind tickets that take several.
 */
export function createTurns(): Turns {
  const searches: (() => void)[] = [];
  const tickets: (() => void)[] = [];
  let isScheduled = false;
  const giveTurn = () => {
    isScheduled = false;
    const next = searches.length > 0 ? searches.splice(0, SEARCHES_A_TURN) : tickets.splice(0, 1);
    for (const start of next) start();
    schedule();
  };
  const schedule = () => {
    if (isScheduled || searches.length + tickets.length === 0) return;
    isScheduled = true;
    setImmediate(giveTurn);
  };
  return {
    next: (kind) =>
      new Promise((resolve) => {
        (kind === 'search' ? searches : tickets).push(resolve);
        schedule();
      }),
  };
}
