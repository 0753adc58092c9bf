import { type Command, Option } from 'commander';
import type { CalibrationReport } from '../../app/calibrate.ts';
import type { ClassifierKind } from '../../config/config-schema.ts';
import { UsageError } from '../../errors.ts';
import { type CliIo, createProgress, writeJson, writeNote, writeText } from '../io.ts';
import { classifierOption } from '../load-command-config.ts';
import { addScopeOptions, loadScope, type ScopeFlags } from '../load-scope.ts';

type CalibrateFlags = ScopeFlags & { classifier?: ClassifierKind; maxUsd?: number; json?: boolean };

export function registerCalibrate(program: Command, io: CliIo): void {
  const command = program
    .command('calibrate')
    .description('fit how far each engine can be trusted, on labelled tickets')
    .option('--dataset <files...>', 'labelled tickets, one a line (default: evaluation.dataset)')
    .addOption(classifierOption())
    .addOption(new Option('--max-usd <amount>', 'ask no more tickets once this is spent').argParser(parseAmount))
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Fit on other tickets than you evaluate with. What Claude says of its own certainty is used as a hint only; agreement
with the embedded engine and with the nearest examples counts beside it. The fits lie in the data folder and are used
from the next start.

Examples:
  $ switchboard calibrate --dataset labelled.jsonl
  $ switchboard calibrate --dataset labelled.jsonl --classifier cascade --max-usd 2 --json`,
    )
    .action((flags: CalibrateFlags) => runCalibrate(io, flags));
  addScopeOptions(command);
}

async function runCalibrate(io: CliIo, flags: CalibrateFlags): Promise<void> {
  const { config: loaded, workspace, tickets } = await loadScope(io, flags);
  const { calibrate } = await import('../../app/calibrate.ts');
  const { dropLeaks } = await import('../../evaluation/dataset/drop-leaks.ts');
  const classifier = flags.classifier ?? loaded.settings.classifier;
  const config = { ...loaded, settings: { ...loaded.settings, classifier } };
  const { examples, leakage } = dropLeaks({ examples: workspace.examples, dataset: tickets });
  if (leakage.dropped > 0) {
    writeNote(
      io,
      `${leakage.dropped} examples that are among the tickets are left out, or they would know the answers.`,
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
    if (flags.json) writeJson(io, { leakage, engines });
    else writeText(io, engines.map(formatReport).join('\n'));
  } finally {
    progress.finish();
  }
}

function formatReport(report: CalibrationReport): string {
  const { expected } = report;
  const curve = report.curve.map(({ precision, coverage }) => {
    const reached = coverage === null ? 'not reached' : `${percent(coverage)} of tickets`;
    return `  ${percent(precision).padStart(5)} right  ${reached}`;
  });
  return [
    `${report.engine}: ${report.cases} tickets, ${percent(report.accuracy)} right, version ${report.version}`,
    `  expected: answers ${percent(expected.coverage)} of tickets, ${percent(expected.precision)} of them right`,
    ...curve,
    `  kept in ${report.file}`,
    '',
  ].join('\n');
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function parseAmount(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`--max-usd takes a number above 0, not "${text}".`);
  return value;
}
