import { type Command, Option } from 'commander';
import type { CalibrationReport } from '../../app/calibrate.ts';
import { count } from '../../base/plural.ts';
import type { ClassifierKind, LoadedConfig } from '../../config/config-schema.ts';
import { loadWorkspace } from '../../config/load-workspace.ts';
import { UsageError } from '../../errors.ts';
import { percent, percentWithInterval } from '../../evaluation/score/format-figures.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type CliIo, createProgress, writeJson, writeNote, writeText } from '../io.ts';
import { classifierOption, storedOption } from '../load-command-config.ts';
import { addScopeOptions, loadScope, loadScopeConfig, type ScopeFlags } from '../load-scope.ts';
import { positive } from '../positive.ts';
import { useStored } from '../stored/use-stored.ts';

type CalibrateFlags = ScopeFlags & { classifier?: ClassifierKind; maxUsd?: number; apply?: boolean; json?: boolean };

export function registerCalibrate(program: Command, io: CliIo): void {
  const command = program
    .command('calibrate')
    .description('learn from labelled tickets how sure each engine must be before its answer counts')
    .option(
      '--dataset <files...>',
      'labelled tickets, one per line (default: your own examples, each classified by engines that have not learned it)',
    )
    .addOption(classifierOption())
    .addOption(storedOption())
    .addOption(
      new Option('--max-usd <amount>', 'classify no further ticket once this much is spent').argParser(
        positive('--max-usd'),
      ),
    )
    .option('--apply', 'use the result at once in the running server, or in all processes on DATABASE_URL')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Each engine classifies tickets whose intent is known. From its mistakes, the command learns how sure the engine must be
before its answer counts. Without --dataset it takes your examples and cross-fits: it trains five times, each time without
a fifth of them, and classifies that fifth. It never takes the tickets of evaluation.dataset by itself: measured on those,
a calibration looks better than it is. If you name them, "switchboard evaluate" lists them as leakage.
The result is written to the data folder. route and evaluate use it from now on; serve and work use it from their next start
on, or at once with --apply. "switchboard calibrations list" shows what is in use. A calibration of a model is set aside when
the model or the prompt changes (taxonomy, instructions, settings): fit it again then.

Examples:
  $ switchboard calibrate --max-usd 2
  $ switchboard calibrate --dataset labelled.jsonl
  $ switchboard calibrate --dataset labelled.jsonl --classifier cascade --max-usd 2 --json
  $ switchboard calibrate --dataset labelled.jsonl --apply`,
    )
    .action((flags: CalibrateFlags) => runCalibrate(io, flags));
  addScopeOptions(command);
}

async function runCalibrate(io: CliIo, flags: CalibrateFlags): Promise<void> {
  if (flags.apply && flags.taxonomy !== undefined) {
    throw new UsageError('--apply and --taxonomy exclude each other: running processes use the configured taxonomy.');
  }
  const { config: loaded, workspace: own, tickets, files } = await loadTickets(io, flags);
  const { calibrate } = await import('../../app/calibrate.ts');
  const { dropLeaks } = await import('../../evaluation/dataset/drop-leaks.ts');
  const { workspace, facts } = await useStored({ io, config: loaded, workspace: own, flags });
  const classifier = flags.classifier ?? loaded.settings.classifier;
  const config = { ...loaded, settings: { ...loaded.settings, classifier } };
  const evaluated = loaded.settings.evaluation.dataset ?? [];
  if (files.some((file) => evaluated.includes(file))) {
    writeNote(
      io,
      'These tickets are also those of `evaluation.dataset`: evaluate with others, or the result looks too good. "switchboard evaluate" lists them as leakage.',
    );
  }
  const { examples, leakage } = dropLeaks({ examples: workspace.examples, dataset: tickets ?? [] });
  if (leakage.dropped > 0) {
    writeNote(
      io,
      `Left out ${count(leakage.dropped, 'example')} that the data set contains: an engine gets tickets right that it has learned.`,
    );
  }
  if (tickets === null) {
    writeNote(
      io,
      'Cross-fitting on your examples: each is classified by engines that were trained without it and without its twins. Engines that know all of them do a little better.',
    );
  }
  const progress = createProgress(io);
  try {
    const engines = await calibrate({
      config,
      workspace: { ...workspace, examples },
      tickets,
      maxUsd: flags.maxUsd ?? null,
      onProgress: progress,
    });
    progress.finish();
    const applied = flags.apply ? await apply({ config, taxonomy: workspace.taxonomy, engines }) : null;
    if (flags.json) writeJson(io, { crossFitted: tickets === null, leakage, engines, applied, storedExamples: facts });
    else writeText(io, engines.map(formatReport).join('\n'));
    if (flags.apply) writeNote(io, describeApplied(applied));
  } finally {
    progress.finish();
  }
}

/** The named tickets; without any, null for the examples of the configuration. */
async function loadTickets(io: CliIo, flags: CalibrateFlags) {
  if (flags.dataset !== undefined) {
    return loadScope(io, { ...flags, usage: 'switchboard calibrate --dataset tickets.jsonl' });
  }
  const config = await loadScopeConfig(io, { ...flags, needsDataset: false });
  return { config, workspace: await loadWorkspace(config), tickets: null, files: [] };
}

/** Applies the calibrations that were just written. Returns where they are in use now; null when no process runs. */
async function apply(options: {
  config: LoadedConfig;
  taxonomy: Taxonomy;
  engines: readonly CalibrationReport[];
}): Promise<string | null> {
  const { config, taxonomy, engines } = options;
  const [{ readCalibrationFile }, { applyCalibrations }, { askedPrompts }] = await Promise.all([
    import('../../classifiers/calibration/calibration-file.ts'),
    import('../stored/apply-calibrations.ts'),
    import('../../config/asked-prompts.ts'),
  ]);
  const { dataDir } = config.settings;
  const files = await Promise.all(
    engines.map(({ engine }) => readCalibrationFile({ dataDir, engine, taxonomy: taxonomy.version })),
  );
  const calibrations = files.flatMap((file) => (file === null ? [] : [file.calibration]));
  const asked = await askedPrompts({ config, taxonomy });
  return applyCalibrations({ config, taxonomy: taxonomy.version, asked, calibrations });
}

const describeApplied = (where: string | null) =>
  where === null
    ? 'No server runs on this data folder: the next one uses the result.'
    : `Applied at ${where}: decisions use it from now on.`;

function formatReport(report: CalibrationReport): string {
  const { expected } = report;
  const { precision: share, intervals } = expected;
  const right =
    share === null || intervals.precision === null
      ? ''
      : `, ${percentWithInterval({ value: share, ...intervals.precision })} of them right`;
  const curve = report.curve.map(({ precision, coverage }) => {
    const answers = coverage === null ? 'cannot be reached' : `answers ${percent(coverage)} of tickets`;
    return `    ${percent(precision).padStart(4)} right: ${answers}`;
  });
  return [
    `${report.engine}: right on ${percent(report.accuracy)} of those that fit an intent, of ${count(report.cases, 'ticket')}`,
    `  With your settings it answers ${percentWithInterval({ value: expected.coverage, ...expected.intervals.coverage })} of tickets${right}; people get the rest.`,
    '  With other targets for the share of right answers:',
    ...curve,
    `  Written to ${report.file} (version ${report.version}).`,
    '',
  ].join('\n');
}
