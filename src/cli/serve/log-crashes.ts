import type { Logger } from '../../base/logger.ts';
import { mapErrorForLog } from '../../base/safe-error.ts';

/**
 * What nobody caught ends the process, as it should: its state is unknown, and what was accepted is in the store.
 * Node would print the error whole, though, and a driver's message may quote a ticket.
 */
export function logCrashes(logger: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    logger.error({ error: mapErrorForLog(error), origin }, 'crashed');
    process.exit(1);
  });
}
