const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** After a run of this length, the delays start again at the shortest. */
export const RAN_WELL_MS = 5 * 60_000;

/** The delays before a crashed engine is started again: 1 s, 2 s, 4 s … up to a minute. */
export type RestartDelays = {
  /** Called when the engine is ready. */
  ready(): void;
  /** Called when the engine crashed or could not be started. `inARow` is the number of such failures in a row. */
  crashed(): { readonly delayMs: number; readonly inARow: number };
};

/** `now` returns milliseconds and never goes back, like `performance.now()`. */
export function createRestartDelays({ now }: { now: () => number }): RestartDelays {
  let inARow = 0;
  let readyAt: number | null = null;
  return {
    ready() {
      readyAt = now();
    },
    crashed() {
      if (readyAt !== null && now() - readyAt >= RAN_WELL_MS) inARow = 0;
      readyAt = null;
      inARow++;
      return { delayMs: Math.min(LONGEST_MS, FIRST_MS * 2 ** (inARow - 1)), inARow };
    },
  };
}
