import { type Command, Option } from 'commander';
import type { CalibrationReport } from '../../app/calibrate.ts';
import { count } from '../../base/plural.ts';
import type { ClassifierKind, LoadedConfig } from '../../config/config-schema.ts';
import { UsageError } from '../../errors.ts';
import { percent } from '../../evaluation/score/format-figures.ts';
import { type CliIo, createProgress, writeJson, writeNote, writeText } from '../io.ts';
import { classifierOption, storedOption } from '../load-command-config.ts';
import { addScopeOptions, loadScope, type ScopeFlags } from '../load-scope.ts';
import { positive } from '../positive.ts';
import { useStored } from '../stored/use-stored.ts';

type CalibrateFlags = ScopeFlags & { classifier?: ClassifierKind; maxUsd?: number; apply?: boolean; json?: boolean };

export function registerCalibrate(program: Command, io: CliIo): void {
  const command = program
    .command('calibrate')
    .description('learn from labelled tickets how sure each engine must be before its answer counts')
    .option('--dataset <files...>', 'labelled tickets, one a line (default: evaluation.dataset)')
    .addOption(classifierOption())
    .addOption(storedOption())
    .addOption(
      new Option('--max-usd <amount>', 'ask no more tickets once this is spent').argParser(positive('--max-usd')),
    )
    .option('--apply', 'let the running server, or all processes on DATABASE_URL, go by the result at once')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
It asks each engine about tickets whose intent is known, and learns from its mistakes how sure it must be before its
answer counts. Use other tickets than those that you evaluate with, or the figures flatter. The result is kept in the
data folder: route and evaluate go by it from now on, serve and work take it in at their next start, or at once with
--apply.

Examples:
  $ switchboard calibrate --dataset labelled.jsonl
  $ switchboard calibrate --dataset labelled.jsonl --classifier cascade --max-usd 2 --json
  $ switchboard calibrate --dataset labelled.jsonl --apply`,
    )
    .action((flags: CalibrateFlags) => runCalibrate(io, flags));
  addScopeOptions(command);
}

async function runCalibrate(io: CliIo, flags: CalibrateFlags): Promise<void> {
  if (flags.apply && flags.taxonomy !== undefined) {
    throw new UsageError('--apply and --taxonomy do not go together: what runs goes by the tree of the configuration.');
  }
  const {
    config: loaded,
    workspace: own,
    tickets,
  } = await loadScope(io, { ...flags, usage: 'switchboard calibrate --dataset tickets.jsonl' });
  const { calibrate } = await import('../../app/calibrate.ts');
  const { dropLeaks } = await import('../../evaluation/dataset/drop-leaks.ts');
  const { workspace, facts } = await useStored({ io, config: loaded, workspace: own, flags });
  const classifier = flags.classifier ?? loaded.settings.classifier;
  const config = { ...loaded, settings: { ...loaded.settings, classifier } };
  const { examples, leakage } = dropLeaks({ examples: workspace.examples, dataset: tickets });
  if (leakage.dropped > 0) {
    writeNote(
      io,
      `Left out ${count(leakage.dropped, 'example')} that these tickets contain: an engine that has learned a ticket knows its intent.`,
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
    const applied = flags.apply ? await apply({ config, taxonomy: workspace.taxonomy.version, engines }) : null;
    if (flags.json) writeJson(io, { leakage, engines, applied, storedExamples: facts });
    else writeText(io, engines.map(formatReport).join('\n'));
    if (flags.apply) writeNote(io, describeApplied(applied));
  } finally {
    progress.finish();
  }
}

/** Where the fits that were just kept are in use now; null where nothing runs. */
async function apply(options: {
  config: LoadedConfig;
  taxonomy: string;
  engines: readonly CalibrationReport[];
}): Promise<string | null> {
  const { config, taxonomy, engines } = options;
  const [{ readCalibrationFile }, { applyCalibrations }] = await Promise.all([
    import('../../classifiers/calibration/calibration-file.ts'),
    import('../stored/apply-calibrations.ts'),
  ]);
  const { dataDir } = config.settings;
  const files = await Promise.all(engines.map(({ engine }) => readCalibrationFile({ dataDir, engine, taxonomy })));
  const calibrations = files.flatMap((file) => (file === null ? [] : [file.calibration]));
  return applyCalibrations({ config, taxonomy, calibrations });
}

const describeApplied = (where: string | null) =>
  where === null
    ? 'Nothing runs on this data folder: its next start takes the result in.'
    : `Applied at ${where}: decisions go by it from now on.`;

function formatReport(report: CalibrationReport): string {
  const { expected } = report;
  const curve = report.curve.map(({ precision, coverage }) => {
    const answers = coverage === null ? 'cannot be reached' : `answers ${percent(coverage)} of tickets`;
    return `    ${percent(precision).padStart(4)} right: ${answers}`;
  });
  return [
    `${report.engine}: right on ${percent(report.accuracy)} of ${count(report.cases, 'ticket')}`,
    `  With your settings it answers ${percent(expected.coverage)} of tickets, ${percent(expected.precision)} of them right; people get the rest.`,
    '  If you asked for',
    ...curve,
    `  Kept in ${report.file} (version ${report.version}).`,
    '',
  ].join('\n');
}
