import type { Command } from 'commander';
import { type CliIo, writeJson, writeText } from '../io.ts';
import { addConfigOption, type ConfigOption } from '../load-command-config.ts';
import { addRunsOption, findRunsFolder, type RunsOption } from '../runs-folder.ts';

type CompareFlags = RunsOption & ConfigOption & { json?: boolean };

export function registerCompare(program: Command, io: CliIo): void {
  const command = program
    .command('compare <first> <second>')
    .description('say which of two runs on the same tickets is better, and whether that could be chance')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Name a run by its id, by the beginning of its id, or as "latest".

Example:
  $ switchboard compare 20261122-1005 latest`,
    )
    .action((first: string, second: string, flags: CompareFlags) => runCompare(io, { first, second, flags }));
  addConfigOption(addRunsOption(command));
}

async function runCompare(io: CliIo, options: { first: string; second: string; flags: CompareFlags }): Promise<void> {
  const { compareStoredRuns } = await import('../../evaluation/compare/compare-stored-runs.ts');
  const { formatComparison } = await import('../../evaluation/compare/format-comparison.ts');
  const runsDir = await findRunsFolder(io, options.flags);
  const comparison = await compareStoredRuns({ ...options, runsDir });
  if (options.flags.json) writeJson(io, comparison);
  else writeText(io, formatComparison(comparison, io.colors));
}
