import type { Logger } from '../base/logger.ts';
import { codeOf, explainFailure } from '../base/safe-error.ts';

const UPKEEP_EVERY_MS = 5 * 60_000;

/** Runs a task now and every `everyMs` (default: 5 minutes). Returns a function that stops it after the current run. */
export function startUpkeep(options: {
  /** Name of the task for the log, for example `sweep`. */
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
      // Not fatal: the next run tries again.
      logger.warn(
        { task: name, failure: codeOf(error) ?? explainFailure(error) },
        'a regular task failed; it runs again later',
      );
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
