import type { Logger } from '../../base/logger.ts';
import { mapErrorForLog } from '../../base/safe-error.ts';

/**
 * Logs an uncaught error without its message and ends the process, whose state is unknown then; every accepted ticket is
 * in the store. Node alone would print the whole error, and the message of a database driver may quote a ticket.
 */
export function logCrashes(logger: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    logger.error({ error: mapErrorForLog(error), origin }, 'crashed');
    process.exit(1);
  });
}
