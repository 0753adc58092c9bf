import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { explainFailure } from '../base/safe-error.ts';
import { ClassifierError, StoreUnavailableError } from '../errors.ts';

const SHORTEST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 60;

/** Watches outages for one kind of job: decides how long jobs wait, and logs when an outage begins and ends. */
export type OutageWatch = {
  /** Call this with the error of a job that met an outage. Returns how long the job waits, and why. */
  wait(error: unknown): { readonly reason: string; readonly retryInSeconds: number };
  /** Call this when a job of this kind succeeds. */
  over(): void;
};

/** True for an error that means that an engine or the store is unavailable, so that the job itself is not to blame. */
export function isOutage(error: unknown): boolean {
  return error instanceof StoreUnavailableError || (error instanceof ClassifierError && error.unavailable);
}

/** A job waits for as long as the outage has lasted so far, from 1 s to 60 s. So it goes on soon after the outage. */
export function createOutageWatch(options: { job: string; logger: Logger; now: Clock }): OutageWatch {
  const { job, logger, now } = options;
  let since: Date | null = null;
  return {
    wait(error) {
      const reason = explainFailure(error);
      if (since === null) {
        since = now();
        logger.warn({ job, reason }, 'an engine or the store is unavailable: jobs wait, without losing tries');
      }
      const lastedSeconds = Math.ceil((now().getTime() - since.getTime()) / 1_000);
      const retryInSeconds = Math.min(LONGEST_PAUSE_SECONDS, Math.max(SHORTEST_PAUSE_SECONDS, lastedSeconds));
      return { reason, retryInSeconds };
    },
    over() {
      if (since === null) return;
      since = null;
      logger.info({ job }, 'the engine or the store is available again: jobs go on');
    },
  };
}
