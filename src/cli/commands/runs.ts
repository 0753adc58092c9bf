import { relative } from 'node:path';
import type { Command } from 'commander';
import { count } from '../../base/plural.ts';
import type { RunSummary } from '../../evaluation/run/summarise-runs.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, type ConfigOption } from '../load-command-config.ts';
import { addRunsOption, findRunsFolder, type RunsOption } from '../runs-folder.ts';

type RunsFlags = RunsOption & ConfigOption & { json?: boolean };

export function registerRuns(program: Command, io: CliIo): void {
  const runs = program.command('runs').description('list evaluations');
  const list = runs
    .command('list')
    .description('list every run with its result, the newest last')
    .option('--json', 'print the list as JSON')
    .addHelpText('after', '\nExample:\n  $ switchboard runs list')
    .action((flags: RunsFlags) => listRuns(io, flags));
  addConfigOption(addRunsOption(list));
}

async function listRuns(io: CliIo, flags: RunsFlags): Promise<void> {
  const { summariseRuns } = await import('../../evaluation/run/summarise-runs.ts');
  const { percentWithInterval, usd } = await import('../../evaluation/score/format-figures.ts');
  const runsDir = await findRunsFolder(io, flags);
  const summaries = await summariseRuns(runsDir);
  if (flags.json) {
    writeJson(io, summaries);
    return;
  }
  if (summaries.length === 0) writeNote(io, `There are no runs in ${runsDir}. 'switchboard evaluate' makes one.`);
  for (const summary of summaries) {
    const { run, classifier, tickets, answers, accuracy, passed, criteria, spentUsd } = summary;
    const state =
      accuracy === null
        ? `not complete, ${count(answers, 'answer')}; continue with: switchboard evaluate --resume ${run}`
        : `${percentWithInterval(accuracy).padEnd(22)} ${passed} of ${count(criteria, 'criterion', 'criteria')}  ${usd(spentUsd)}`;
    writeText(io, `${io.colors.bold(run)}  ${classifier.padEnd(9)} ${count(tickets, 'ticket').padEnd(13)}  ${state}\n`);
    writeText(io, `  ${io.colors.dim(describeRun(summary, io.cwd))}\n`);
  }
}

const SETTINGS_SHOWN = 8;

/** What tells two runs of one engine apart: data set, configuration, calibrations, stored examples, criteria. */
function describeRun(summary: RunSummary, cwd: string): string {
  const { datasetFiles, config, settings, calibrations, stored, only } = summary;
  const near = (file: string) => {
    const path = relative(cwd, file);
    return path.startsWith('..') ? file : path;
  };
  const versions = calibrations.map(({ engine, version }) => `${engine} ${version}`);
  return [
    datasetFiles.map(near).join(', '),
    `${config === null ? 'settings' : `${near(config)}, settings`} ${settings.slice(0, SETTINGS_SHOWN)}`,
    versions.length === 0 ? 'not calibrated' : `calibrated: ${versions.join(', ')}`,
    ...(stored === null ? [] : [`with ${count(stored.count, 'stored example')}`]),
    ...(only === null ? [] : [`only ${only.join(', ')}`]),
  ].join('; ');
}
