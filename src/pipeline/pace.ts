/** A ticket that takes longer to be stored, in milliseconds, is being held up by decisions. */
export const LONG_MS = 20;
/** The pause is looked at again after this time. */
const WINDOW_MS = 100;
/** Milliseconds for each decision, so that at least fifty a second are made whatever arrives. */
const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 20;
const GROWTH = 1.5;
const SHRINKAGE = 0.8;
/** So many decisions start together, and most are saved in one transaction. */
const AT_ONCE = 8;
/** How long a decision that is made waits for others, to be saved with them. */
const GROUP_WAIT_MS = 2;
/** About as long as the embedded engine takes for those that started together. */
const PACED_GROUP_WAIT_MS = 40;

/**
 * Keeps decisions, and the reading of webhooks, from holding up what arrives: a sender waits until it is stored, and a decision
 * can be made some moments later. As long as storing is quick, decisions start at once. When it takes long they start
 * with pauses in between, which grow until storing is quick again; then they shrink.
 */
export type Pace = {
  /** Called when a ticket has been stored, with the milliseconds that this took. */
  stored(tookMs: number): void;
  /** Resolves with true when a decision may start, or with false when `stop` aborts before. */
  turn(stop: AbortSignal): Promise<boolean>;
  /** How long a decision that is made waits for others to be saved with, in milliseconds. */
  groupWaitMs(): number;
};

export function createPace(): Pace {
  const waiting: ((mayStart: boolean) => void)[] = [];
  let pauseMs = 0;
  let windowStart = performance.now();
  let longestMs = 0;
  let openedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  const adjust = () => {
    const now = performance.now();
    const windows = Math.floor((now - windowStart) / WINDOW_MS);
    if (windows === 0) return;
    const isHeldUp = longestMs > LONG_MS;
    if (isHeldUp) pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, pauseMs * GROWTH));
    // Nothing was stored in the other windows.
    pauseMs *= SHRINKAGE ** (isHeldUp ? windows - 1 : windows);
    if (pauseMs < SHORTEST_PAUSE_MS / 2) pauseMs = 0;
    longestMs = 0;
    windowStart = now;
  };
  const open = () => {
    timer = null;
    adjust();
    openedAt = performance.now();
    for (const start of waiting.splice(0, pauseMs === 0 ? waiting.length : AT_ONCE)) start(true);
    schedule();
  };
  const schedule = () => {
    if (waiting.length === 0 || timer !== null) return;
    timer = setTimeout(open, Math.max(0, openedAt + AT_ONCE * pauseMs - performance.now()));
  };

  return {
    stored(tookMs) {
      longestMs = Math.max(longestMs, tookMs);
      adjust();
    },

    turn(stop) {
      if (stop.aborted) return Promise.resolve(false);
      adjust();
      if (pauseMs === 0 && waiting.length === 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        const start = (mayStart: boolean) => {
          stop.removeEventListener('abort', giveUp);
          resolve(mayStart);
        };
        const giveUp = () => {
          waiting.splice(waiting.indexOf(start), 1);
          start(false);
        };
        stop.addEventListener('abort', giveUp, { once: true });
        waiting.push(start);
        schedule();
      });
    },

    groupWaitMs: () => (pauseMs === 0 ? GROUP_WAIT_MS : PACED_GROUP_WAIT_MS),
  };
}
