import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import { type CliIo, writeJson, writeText } from '../io.ts';

type CompareFlags = { runs: string; json?: boolean };

export function registerCompare(program: Command, io: CliIo): void {
  program
    .command('compare <first> <second>')
    .description('say which of two runs on the same tickets is better, and whether that could be chance')
    .option('--runs <dir>', 'folder of the runs', 'runs')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Name a run by its id, by the beginning of its id, or as "latest".

Example:
  $ switchboard compare 20261122-1005 latest`,
    )
    .action((first: string, second: string, flags: CompareFlags) => runCompare(io, { first, second, flags }));
}

async function runCompare(io: CliIo, options: { first: string; second: string; flags: CompareFlags }): Promise<void> {
  const { readRun } = await import('../../evaluation/run/run-folder.ts');
  const { reloadDataset } = await import('../../evaluation/dataset/reload-dataset.ts');
  const { compareRuns } = await import('../../evaluation/compare/compare-runs.ts');
  const { formatComparison } = await import('../../evaluation/compare/format-comparison.ts');
  const runsDir = resolve(io.cwd, options.flags.runs);
  const first = await readRun({ runsDir, id: options.first });
  const second = await readRun({ runsDir, id: options.second });
  const hashes = [first, second].map(({ manifest }) => manifest.dataset.map(({ sha256 }) => sha256).join());
  if (hashes[0] !== hashes[1]) {
    throw new InputError({
      message: `Runs ${first.manifest.id} and ${second.manifest.id} are about different tickets. Evaluate both on one data set.`,
    });
  }
  const comparison = compareRuns({ first, second, tickets: await reloadDataset(first.manifest) });
  if (options.flags.json) writeJson(io, comparison);
  else writeText(io, formatComparison(comparison, io.colors));
}
