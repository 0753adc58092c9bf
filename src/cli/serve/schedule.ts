/** Calls `work` once after `delayMs` milliseconds. Returns a function that cancels this. */
export type Schedule = (work: () => void, delayMs: number) => () => void;

export const scheduleByTimer: Schedule = (work, delayMs) => {
  const timer = setTimeout(work, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};
