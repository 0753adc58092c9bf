import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { explainFailure } from '../base/safe-error.ts';
import { ClassifierError, ConnectorError, StoreUnavailableError } from '../errors.ts';

const SHORTEST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 60;

/** Watches outages for one kind of job: decides how long jobs wait, and logs when an outage begins and ends. */
export type OutageWatch = {
  /** Call this with the error of a job that met an outage. Returns how long the job waits, and why. */
  wait(error: unknown): { readonly reason: string; readonly retryInSeconds: number };
  /** Call this when a job of this kind succeeds. */
  over(): void;
};

/** True for an error that means that an engine, a helpdesk or the store is unavailable, so that the job is not to blame. */
export function isOutage(error: unknown): boolean {
  if (error instanceof ClassifierError || error instanceof ConnectorError) return error.unavailable;
  return error instanceof StoreUnavailableError;
}

/**
 * A job waits for as long as the outage has lasted so far, from 1 s to 60 s, so that it goes on soon after the outage; or
 * for as long as a helpdesk asks for.
 */
export function createOutageWatch(options: { job: string; logger: Logger; now: Clock }): OutageWatch {
  const { job, logger, now } = options;
  let since: Date | null = null;
  return {
    wait(error) {
      const reason = explainFailure(error);
      if (since === null) {
        since = now();
        logger.warn(
          { job, reason },
          'an engine, a helpdesk or the store is unavailable: jobs wait, without losing tries',
        );
      }
      const lastedSeconds = Math.ceil((now().getTime() - since.getTime()) / 1_000);
      const retryInSeconds = Math.min(LONGEST_PAUSE_SECONDS, Math.max(SHORTEST_PAUSE_SECONDS, lastedSeconds));
      const asked = error instanceof ConnectorError ? (error.retryInMs ?? 0) : 0;
      return { reason, retryInSeconds: Math.max(retryInSeconds, Math.ceil(asked / 1_000)) };
    },
    over() {
      if (since === null) return;
      since = null;
      logger.info({ job }, 'what was unavailable is available again: jobs go on');
    },
  };
}
