import type { Logger } from '../base/logger.ts';
import { codeOf, explainFailure } from '../base/safe-error.ts';

const UPKEEP_EVERY_MS = 5 * 60_000;

/** Runs the task now and every few minutes. Returns the function that stops it, after the run in progress. */
export function startUpkeep(options: {
  /** For the log, for example `sweep`. */
  name: string;
  task: () => Promise<unknown>;
  logger: Logger;
  everyMs?: number;
}): () => Promise<void> {
  const { name, task, logger, everyMs = UPKEEP_EVERY_MS } = options;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const run = async () => {
    try {
      await task();
    } catch (error) {
      // The next run does it.
      logger.warn({ task: name, failure: codeOf(error) ?? explainFailure(error) }, 'a regular task failed');
    }
    if (!stopped) timer = setTimeout(start, everyMs).unref();
  };
  let running: Promise<void> = Promise.resolve();
  const start = () => {
    running = run();
  };
  start();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
