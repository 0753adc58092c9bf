import { type Command, Option } from 'commander';
import { classifierKinds, type LoadedConfig } from '../config/config-schema.ts';
import type { ConfigOverrides } from '../config/load-config.ts';
import { type CliIo, writeNote } from './io.ts';

/** What `addConfigOption` adds, and `addDataOption`. */
export type ConfigOption = { readonly config?: string; readonly data?: string };

export function addConfigOption(command: Command): Command {
  return command.option('--config <file>', 'configuration file (default: switchboard.yaml in the working folder)');
}

/** For commands that use the embedded store, its calibrations or the caches of the engine. */
export function addDataOption(command: Command): Command {
  return command.option(
    '--data <dir>',
    'data folder, with the embedded store (default: `dataDir` of the configuration)',
  );
}

export function classifierOption(): Option {
  return new Option('--classifier <kind>', 'engine that classifies, in place of the configured one').choices(
    classifierKinds,
  );
}

/** For commands that work without a server: also use what servers have learned in addition to the files. */
export function storedOption(): Option {
  return new Option('--stored', 'also use the imports and corrections in the store, as the server does');
}

/** For commands that decide one ticket: `decideOne` reads these. The examples follow in the command's own help. */
export function addTicketOptions(command: Command): Command {
  return addConfigOption(addDataOption(command))
    .option('--text <text>', 'what the customer wrote')
    .addOption(classifierOption())
    .addOption(storedOption())
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nFILE contains a ticket as JSON, or its body as plain text. Without FILE, or with "-", standard input is read.',
    );
}

/** Loads the configuration of a command, and writes a note when it uses the sample company because there is none. */
export async function loadCommandConfig(
  io: CliIo,
  options: ConfigOption & { overrides?: ConfigOverrides; quiet?: boolean },
): Promise<LoadedConfig> {
  const { loadConfig } = await import('../config/load-config.ts'); // lazily: --help does not need it
  const overrides = { dataDir: options.data, ...options.overrides };
  const config = await loadConfig({ cwd: io.cwd, file: options.config, env: io.env, overrides });
  if (config.isSample && options.quiet !== true) {
    writeNote(io, 'No switchboard.yaml here: using the sample company.');
  }
  return config;
}
