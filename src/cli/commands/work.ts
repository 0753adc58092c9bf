import type { Command } from 'commander';
import { returnMemoryAtRest } from '../../base/return-memory.ts';
import { yieldToOtherProcesses } from '../../base/thread-priority.ts';
import { UsageError } from '../../errors.ts';
import { type CliIo, createProgress, writeNote, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { logCrashes } from '../serve/log-crashes.ts';
import { addLogLevelOption, createLogger, type LogLevel } from '../serve/logger.ts';
import { waitForStop } from '../serve/wait-for-stop.ts';
import { warnOfHelpdesks } from '../serve/warn-of-helpdesks.ts';

type WorkOptions = ConfigOption & { logLevel?: LogLevel };

export function registerWork(program: Command, io: CliIo): void {
  const command = program
    .command('work')
    .description('decide the tickets of a shared PostgreSQL, without an HTTP server')
    .addHelpText('after', '\nExample:\n  $ DATABASE_URL=postgres://… switchboard work')
    .action((options: WorkOptions) => runWork(io, options));
  addLogLevelOption(addConfigOption(addDataOption(command)));
}

async function runWork(io: CliIo, options: WorkOptions): Promise<void> {
  yieldToOtherProcesses();
  const config = await loadCommandConfig(io, options);
  if (config.secrets.databaseUrl === null) {
    throw new UsageError(
      'A worker alone needs a database that it shares with the server. Set DATABASE_URL to a PostgreSQL, or use "switchboard serve", which decides the tickets of the embedded store itself.',
    );
  }
  const { assertRunnable } = await import('../../config/check-runnable.ts');
  assertRunnable(config, { listens: false });
  const { createApp } = await import('../../app.ts');
  const progress = createProgress(io);
  const logger = await createLogger({ level: options.logLevel ?? 'info' });
  logCrashes(logger);
  const app = await createApp({ config, onProgress: progress, logger }).finally(progress.finish);
  await app.startWorker();
  writeText(io, `Deciding the tickets of ${app.store.location} (${app.engine.why}). Stop with Ctrl-C.\n`);
  void warnOfHelpdesks(config, logger);
  const stopReturning = returnMemoryAtRest();
  await waitForStop(io);
  stopReturning();
  await app.close();
  writeNote(io, 'Stopped. Tickets that it had not decided wait for other workers, or for the next start.');
}
