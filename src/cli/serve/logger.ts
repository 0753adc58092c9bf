import { type Command, Option } from 'commander';
import type { Logger } from '../../base/logger.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export function addLogLevelOption(command: Command): Command {
  return command.addOption(
    new Option('--log-level <level>', 'least important messages in the log on stderr').choices(logLevels),
  );
}

/** A logger that writes JSON lines to stderr, each at once, so that the last line before a crash is not lost. */
export async function createLogger(options: { level: LogLevel }): Promise<Logger> {
  const { pino } = await import('pino');
  const log = pino({ level: options.level, base: null }, pino.destination({ fd: 2, sync: true }));
  return {
    debug: (facts, message) => log.debug(facts, message),
    info: (facts, message) => log.info(facts, message),
    warn: (facts, message) => log.warn(facts, message),
    error: (facts, message) => log.error(facts, message),
  };
}
