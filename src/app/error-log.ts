import type { Logger } from '../base/logger.ts';
import { codeOf, explainFailure } from '../base/safe-error.ts';

/** An unreachable database fails every second in several places; each place logs the same error once in this time. */
const REPEAT_AFTER_MS = 30_000;

/** Logs errors of background work: their code, never their text, which may quote a ticket. */
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
