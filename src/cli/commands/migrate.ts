import type { Command } from 'commander';
import { type CliIo, createProgress, writeJson, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';

type MigrateOptions = ConfigOption & { json?: boolean };

export function registerMigrate(program: Command, io: CliIo): void {
  const command = program
    .command('migrate')
    .description('bring the tables of the store up to date (serve and work also do this when they start)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ DATABASE_URL=postgres://… switchboard migrate')
    .action((options: MigrateOptions) => runMigrate(io, options));
  addConfigOption(addDataOption(command));
}

async function runMigrate(io: CliIo, options: MigrateOptions): Promise<void> {
  const { settings, secrets } = await loadCommandConfig(io, options);
  const { openStore } = await import('../../store/open-store.ts');
  const progress = createProgress(io);
  const store = await openStore({
    databaseUrl: secrets.databaseUrl,
    dataDir: settings.dataDir,
    onProgress: progress,
  }).finally(progress.finish);
  const { kind, location } = store;
  await store.close();
  if (options.json) writeJson(io, { store: kind, location, upToDate: true });
  else writeText(io, `The ${kind} store (${location}) is up to date.\n`);
}
