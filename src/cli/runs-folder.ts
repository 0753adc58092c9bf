import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LoadedConfig } from '../config/config-schema.ts';
import { ConfigurationError } from '../errors.ts';
import type { CliIo } from './io.ts';
import { type ConfigOption, loadCommandConfig } from './load-command-config.ts';

/** What `addRunsOption` adds. */
export type RunsOption = { readonly runs?: string };

export function addRunsOption(command: Command): Command {
  return command.option(
    '--runs <dir>',
    'folder of the runs (default: `evaluation.runs` of the configuration, else runs in the working folder)',
  );
}

/** The folder of the runs of a command that has loaded its configuration. */
export function runsFolder(
  { cwd }: Pick<CliIo, 'cwd'>,
  { flags, config }: { flags: RunsOption; config: LoadedConfig | null },
): string {
  if (flags.runs !== undefined) return resolve(cwd, flags.runs);
  return config?.settings.evaluation.runs ?? resolve(cwd, 'runs');
}

/** The same for a command that needs no configuration otherwise: one with mistakes does not keep it from its runs. */
export async function findRunsFolder(io: CliIo, flags: RunsOption & ConfigOption): Promise<string> {
  if (flags.runs !== undefined) return runsFolder(io, { flags, config: null });
  const config = await loadCommandConfig(io, { ...flags, quiet: true }).catch((error: unknown) => {
    if (error instanceof ConfigurationError && flags.config === undefined) return null;
    throw error;
  });
  return runsFolder(io, { flags, config });
}
