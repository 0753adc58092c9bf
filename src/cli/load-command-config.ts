import { type Command, Option } from 'commander';
import { classifierKinds, type LoadedConfig } from '../config/config-schema.ts';
import type { ConfigOverrides } from '../config/load-config.ts';
import { type CliIo, writeNote } from './io.ts';

/** What `addConfigOption` adds. */
export type ConfigOption = { readonly config?: string };

export function addConfigOption(command: Command): Command {
  return command.option('--config <file>', 'configuration file (default: switchboard.yaml in the working folder)');
}

export function classifierOption(): Option {
  return new Option('--classifier <kind>', 'which engine decides').choices(classifierKinds);
}

/** What a server has learned besides the files, for commands that work without one. */
export function storedOption(): Option {
  return new Option('--stored', 'with the imports and corrections of the store, as the server has them');
}

/** Loads the configuration of a command and says so when the sample company stands in for one. */
export async function loadCommandConfig(
  io: CliIo,
  options: ConfigOption & { overrides?: ConfigOverrides; quiet?: boolean },
): Promise<LoadedConfig> {
  const { loadConfig } = await import('../config/load-config.ts'); // --help does without it
  const config = await loadConfig({ cwd: io.cwd, file: options.config, env: io.env, overrides: options.overrides });
  if (config.isSample && options.quiet !== true) {
    writeNote(io, 'No switchboard.yaml here: using the sample company.');
  }
  return config;
}
