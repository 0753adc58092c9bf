/** Turns to work in a thread that does one thing at a time. */
export type Turns = {
  /** Resolves when the caller may work, until it next waits for something. Searches come before tickets. */
  next(kind: 'search' | 'ticket'): Promise<void>;
};

/**
 * Gives turns one by one, with messages received in between: a search takes a millisecond and Claude waits for it, so it
 * does not wait behind tickets that take several.
 */
export function createTurns(): Turns {
  const searches: (() => void)[] = [];
  const tickets: (() => void)[] = [];
  let isScheduled = false;
  const giveTurn = () => {
    isScheduled = false;
    (searches.shift() ?? tickets.shift())?.();
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
