import type { Logger } from '../base/logger.ts';
import { codeOf, explainFailure } from '../base/safe-error.ts';

/** A database that is away fails every second in several places; one line in this time says it. */
const REPEAT_AFTER_MS = 30_000;

/** Logs errors of background work: what kind, never their text, and the same one only now and then. */
export function createErrorLog(options: {
  logger: Logger;
  what: string;
  now?: () => number;
}): (error: unknown) => void {
  const { logger, what, now = () => performance.now() } = options;
  const loggedAt = new Map<string, number>();
  return (error) => {
    const failure = codeOf(error) ?? explainFailure(error);
    if (now() - (loggedAt.get(failure) ?? Number.NEGATIVE_INFINITY) < REPEAT_AFTER_MS) return;
    loggedAt.set(failure, now());
    logger.warn({ failure }, what);
  };
}
