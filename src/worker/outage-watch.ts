import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { explainFailure } from '../base/safe-error.ts';
import { ClassifierError, StoreUnavailableError } from '../errors.ts';

const SHORTEST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 60;

/** What jobs of one kind need may be away for a while: says how long they wait, and logs when it began and ended. */
export type OutageWatch = {
  /** How long a job that met the outage waits, and why. */
  wait(error: unknown): { readonly reason: string; readonly retryInSeconds: number };
  /** Called when a job of this kind has succeeded. */
  over(): void;
};

/** Whether an engine or the store is away, which says nothing about the job that met it. */
export function isOutage(error: unknown): boolean {
  return error instanceof StoreUnavailableError || (error instanceof ClassifierError && error.unavailable);
}

/** A job waits for as long as the outage has lasted so far, within bounds: pauses grow, and end soon after it. */
export function createOutageWatch(options: { job: string; logger: Logger; now: Clock }): OutageWatch {
  const { job, logger, now } = options;
  let since: Date | null = null;
  return {
    wait(error) {
      const reason = explainFailure(error);
      if (since === null) {
        since = now();
        logger.warn({ job, reason }, 'jobs wait until what they need is back; this costs them no tries');
      }
      const lastedSeconds = Math.ceil((now().getTime() - since.getTime()) / 1_000);
      const retryInSeconds = Math.min(LONGEST_PAUSE_SECONDS, Math.max(SHORTEST_PAUSE_SECONDS, lastedSeconds));
      return { reason, retryInSeconds };
    },
    over() {
      if (since === null) return;
      since = null;
      logger.info({ job }, 'what jobs waited for is back');
    },
  };
}
