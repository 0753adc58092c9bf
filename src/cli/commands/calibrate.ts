import { type Command, Option } from 'commander';
import type { CalibrationReport, FittedCalibration } from '../../app/calibrate.ts';
import { count, list } from '../../base/plural.ts';
import type { AskedPrompts } from '../../classifiers/calibration/asked-prompt.ts';
import type { ConfidenceTarget } from '../../classifiers/calibration/confidence-target.ts';
import { describeLopsidedMix } from '../../classifiers/local/example-mix.ts';
import type { ClassifierKind, LoadedConfig } from '../../config/config-schema.ts';
import { loadWorkspace } from '../../config/load-workspace.ts';
import { UsageError } from '../../errors.ts';
import type { LiveFigures } from '../../evaluation/metrics/live.ts';
import { percent, percentWithInterval } from '../../evaluation/score/format-figures.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { confirm } from '../confirm.ts';
import { describeThreshold } from '../describe-threshold.ts';
import { type CliIo, createProgress, writeJson, writeNote, writeText } from '../io.ts';
import { classifierOption, storedOption } from '../load-command-config.ts';
import { addScopeOptions, loadScope, loadScopeConfig, type ScopeFlags } from '../load-scope.ts';
import { positive } from '../positive.ts';
import type { CalibrationChange } from '../stored/compare-calibrations.ts';
import { useStored } from '../stored/use-stored.ts';

type CalibrateFlags = ScopeFlags & {
  classifier?: ClassifierKind;
  maxUsd?: number;
  apply?: boolean;
  yes?: boolean;
  json?: boolean;
};

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
    .option('--yes', 'replace the calibration in use without a question, also by one that is worse')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Each engine classifies tickets whose intent is known. From its mistakes, the command learns how sure the engine must be
before its answer counts. Without --dataset it takes your examples and cross-fits: it trains five times, each time without
a fifth of them, and classifies that fifth. It never takes the tickets of evaluation.dataset by itself: measured on those,
a calibration looks better than it is. If you name them, "switchboard evaluate" lists them as leakage.
Before it replaces a calibration in use by one that answers less or is less often right, or that was fitted on the tickets
of evaluation.dataset, the command asks; without a terminal it refuses, unless --yes is given.
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
  const { calibrate, writeCalibrations } = await import('../../app/calibrate.ts');
  const { compareCalibrations, questionAbout } = await import('../stored/compare-calibrations.ts');
  const { dropLeaks } = await import('../../evaluation/dataset/drop-leaks.ts');
  const { workspace, facts } = await useStored({ io, config: loaded, workspace: own, flags });
  const classifier = flags.classifier ?? loaded.settings.classifier;
  const config = { ...loaded, settings: { ...loaded.settings, classifier } };
  const { taxonomy } = workspace;
  const { askedPrompts } = await import('../../config/asked-prompts.ts');
  const asked = await askedPrompts({ config, taxonomy });
  const { findInUse } = await import('../stored/stored-calibrations.ts');
  const inUse = await findInUse({ config, taxonomy: taxonomy.version, asked });
  const mayReplace = async (question: string) => {
    if (flags.yes || (await confirm(io, { question, done: 'replaced' }))) return true;
    writeNote(io, 'Nothing was replaced.');
    return false;
  };
  const evaluated = loaded.settings.evaluation.dataset ?? [];
  if (files.some((file) => evaluated.includes(file))) {
    writeNote(
      io,
      'These tickets are also those of `evaluation.dataset`: evaluate with others, or the result looks too good. "switchboard evaluate" lists them as leakage.',
    );
    const names = list(inUse.map(({ engine }) => engine));
    if (inUse.length > 0 && !(await mayReplace(`Replace the calibration in use (${names}) by one of these tickets?`)))
      return;
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
    const fitted = await calibrate({
      config,
      workspace: { ...workspace, examples },
      tickets,
      maxUsd: flags.maxUsd ?? null,
      onProgress: progress,
    });
    progress.finish();
    const engines = fitted.map(({ report }) => report);
    const changes = engines.flatMap((report) =>
      inUse.filter(({ engine }) => engine === report.engine).map((before) => compareCalibrations(before, report)),
    );
    const lopsided = lopsidedMix({ taxonomy, examples, tickets: tickets ?? examples });
    if (!flags.json) {
      const target = config.settings.confidence;
      const reports = engines.map((report) => {
        const change = changes.find(({ engine }) => engine === report.engine) ?? null;
        return formatReport(report, { target, change, isLopsided: lopsided !== null });
      });
      writeText(io, `${reports.join('\n')}${lopsided === null ? '' : `\n${lopsided}.\n`}`);
    }
    const question = questionAbout(changes);
    if (question !== null && !(await mayReplace(question))) return;
    await writeCalibrations(fitted);
    const applied = flags.apply ? await apply({ config, taxonomy: taxonomy.version, asked, fitted }) : null;
    if (flags.json) {
      const result = { crossFitted: tickets === null, leakage, engines, lopsided, replaced: changes, applied };
      writeJson(io, { ...result, storedExamples: facts });
    } else writeText(io, engines.map(({ file, version }) => `Written to ${file} (version ${version}).\n`).join(''));
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

/** Applies the new calibrations. Returns where they are in use now; null when no process runs. */
async function apply(options: {
  config: LoadedConfig;
  taxonomy: string;
  asked: AskedPrompts;
  fitted: readonly FittedCalibration[];
}): Promise<string | null> {
  const { fitted, ...place } = options;
  const { applyCalibrations } = await import('../stored/apply-calibrations.ts');
  return applyCalibrations({ ...place, calibrations: fitted.map(({ calibration }) => calibration) });
}

/** Where a few intents have most of the examples, or of the tickets, the figures are mostly those of these intents. */
function lopsidedMix(options: {
  taxonomy: Taxonomy;
  examples: readonly LabelledTicket[];
  tickets: readonly LabelledTicket[];
}): string | null {
  const intents = options.taxonomy.leaves.map(({ id }) => id);
  const mix = (examples: readonly LabelledTicket[]) => describeLopsidedMix({ examples, intents })?.message ?? null;
  return mix(options.examples) ?? mix(options.tickets);
}

const describeApplied = (where: string | null) =>
  where === null
    ? 'No server runs on this data folder: the next one uses the result.'
    : `Applied at ${where}: decisions use it from now on.`;

function formatReport(
  report: CalibrationReport,
  context: { target: ConfidenceTarget; change: CalibrationChange | null; isLopsided: boolean },
): string {
  const { target, change, isLopsided } = context;
  const curve = report.curve.flatMap(({ precision: wanted, coverage, right, intervals }) =>
    coverage === null || intervals === null
      ? []
      : [`    ${percent(wanted).padStart(4)}: answers ${describeLive({ coverage, precision: right, intervals })}`],
  );
  const tooFew = report.curve.filter(({ coverage }) => coverage === null).map(({ precision }) => percent(precision));
  return [
    `${report.engine}: right on ${percent(report.accuracy)} of those that fit an intent, of ${count(report.cases, 'ticket')}`,
    `  With your settings it answers ${describeLive(report.expected)}; people get the rest.`,
    `  ${describeThreshold(report.answersFrom, target)}.`,
    ...(isLopsided ? [`  With every intent counted alike it answers ${describeLive(report.everyIntentAlike)}.`] : []),
    ...(change === null ? [] : [`  ${change.summary}`]),
    ...(curve.length === 0
      ? []
      : ['  With other targets for the share of right answers, counted in the same way:', ...curve]),
    ...(tooFew.length === 0 ? [] : [`    Too few tickets to say what a target of ${list(tooFew)} would give.`]),
    '',
  ].join('\n');
}

function describeLive({ coverage, precision, intervals }: LiveFigures): string {
  const right =
    precision === null || intervals.precision === null
      ? ''
      : `, ${percentWithInterval({ value: precision, ...intervals.precision })} of them right`;
  return `${percentWithInterval({ value: coverage, ...intervals.coverage })} of tickets${right}`;
}
