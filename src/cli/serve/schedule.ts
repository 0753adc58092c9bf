/** Runs `work` once, so many milliseconds later, and returns what cancels that. */
export type Schedule = (work: () => void, delayMs: number) => () => void;

export const scheduleByTimer: Schedule = (work, delayMs) => {
  const timer = setTimeout(work, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};
