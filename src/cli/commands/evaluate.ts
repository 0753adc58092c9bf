import { isAbsolute, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { count } from '../../base/plural.ts';
import type { ClassifierKind } from '../../config/config-schema.ts';
import { SwitchboardError } from '../../errors.ts';
import { parseCriterionIds } from '../../evaluation/criteria/all-criteria.ts';
import type { Evaluation } from '../../evaluation/evaluate.ts';
import { type CliIo, createProgress, writeJson, writeNote, writeText } from '../io.ts';
import { classifierOption, storedOption } from '../load-command-config.ts';
import { addScopeOptions, loadScopeConfig, type ScopeFlags } from '../load-scope.ts';
import { positive, positiveWhole } from '../positive.ts';
import { addRunsOption, type RunsOption, runsFolder } from '../runs-folder.ts';
import { stopOnSignal } from '../stop-on-signal.ts';
import { useStored } from '../stored/use-stored.ts';

type EvaluateFlags = ScopeFlags &
  RunsOption & {
    classifier?: ClassifierKind;
    criteria?: string;
    replies?: string;
    report?: string;
    junit?: string;
    maxUsd?: number;
    resume?: string;
    retryFailed?: boolean;
    gate?: boolean | string;
    concurrency?: number;
    timeLimit?: number;
    seed?: number;
    json?: boolean;
  };

export function registerEvaluate(program: Command, io: CliIo): void {
  const command = program
    .command('evaluate')
    .description('score the engine on labelled tickets, against every criterion')
    .option('--dataset <files...>', 'labelled tickets, one per line (default: `evaluation.dataset`)')
    .addOption(classifierOption())
    .addOption(storedOption())
    .option(
      '--criteria <ids>',
      'measure only these criteria, separated by commas; the gate passes only if no other one is required',
    )
    .option('--replies <file>', 'score answers of a model in the batch result format, and call no engine')
    .option('--report <dir>', 'write report.html and report.json')
    .option('--junit <file>', 'write the criteria as JUnit XML')
    .addOption(new Option('--max-usd <amount>', 'stop before more than this is spent').argParser(positive('--max-usd')))
    .option('--resume <run>', 'continue a run; "latest" is the last one')
    .option('--retry-failed', 'with --resume: classify the tickets again that failed or took too long')
    .addOption(
      new Option(
        '--gate [strictness]',
        'exit with 1 unless every required criterion passes; "strict" also requires that it is certain',
      ).choices(['strict']),
    )
    .addOption(
      new Option('--concurrency <n>', 'tickets that are classified at the same time').argParser(
        positiveWhole('--concurrency'),
      ),
    )
    .addOption(
      new Option('--time-limit <seconds>', 'time limit for one ticket (default: 60)').argParser(
        positive('--time-limit'),
      ),
    )
    .addOption(
      new Option('--seed <n>', 'number that decides random samples (default: 1)').argParser(positiveWhole('--seed')),
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Every answer is written to runs/ID/ at once. A run that was stopped continues with --resume and classifies no ticket twice.

Examples:
  $ switchboard evaluate --gate --report out
  $ switchboard evaluate --dataset tickets.jsonl --classifier local --json
  $ switchboard evaluate --resume latest --max-usd 5`,
    )
    .action((options: EvaluateFlags) => runEvaluate(io, options));
  addRunsOption(addScopeOptions(command));
}

async function runEvaluate(io: CliIo, flags: EvaluateFlags): Promise<void> {
  const { evaluateConfig } = await import('../../evaluation/evaluate-config.ts');
  const { buildClassifier } = await import('../../app/build-classifier.ts');
  const { loadWorkspace } = await import('../../config/load-workspace.ts');
  const { noteSetAside } = await import('../note-set-aside.ts');
  const config = await loadScopeConfig(io, flags);
  const { workspace, stored, facts } = await useStored({
    io,
    config,
    workspace: await loadWorkspace(config),
    flags,
  });
  if (flags.replies === undefined) await noteSetAside(io, { config, taxonomy: workspace.taxonomy });
  const progress = createProgress(io);
  const interrupt = stopOnSignal(io);
  let evaluation: Evaluation;
  try {
    evaluation = await evaluateConfig({
      config,
      workspace,
      stored,
      datasetFiles: flags.dataset?.map((file) => resolve(io.cwd, file)),
      buildClassifier,
      criteria:
        flags.criteria === undefined ? undefined : parseCriterionIds(flags.criteria.split(',').map((id) => id.trim())),
      repliesFile: flags.replies === undefined ? undefined : resolve(io.cwd, flags.replies),
      runsDir: runsFolder(io, { flags, config }),
      resume: flags.resume,
      retryFailed: flags.retryFailed,
      maxUsd: flags.maxUsd,
      concurrency: flags.concurrency,
      timeLimitMs: flags.timeLimit === undefined ? undefined : flags.timeLimit * 1_000,
      seed: flags.seed,
      signal: interrupt.signal,
      onProgress: progress,
    });
  } finally {
    progress.finish();
    interrupt.release();
  }
  if (evaluation.result === null) throw incomplete(evaluation);
  const { result } = evaluation;
  await writeFiles(io, flags, evaluation);
  if (flags.json) writeJson(io, { ...result, storedExamples: facts });
  else {
    const { formatSummary } = await import('../../evaluation/score/format-summary.ts');
    writeText(io, formatSummary(result, io.colors));
    writeNote(io, `Run: ${evaluation.runPath}`);
  }
  if (flags.gate) await holdGate(io, evaluation, flags.gate === 'strict' ? 'strict' : 'value');
}

async function writeFiles(io: CliIo, flags: EvaluateFlags, evaluation: Evaluation): Promise<void> {
  const at = (path: string) => (isAbsolute(path) ? path : join(io.cwd, path));
  if (flags.report !== undefined) {
    const { writeReport } = await import('../../evaluation/report/write-report.ts');
    const file = await writeReport({ dir: at(flags.report), evaluation });
    writeNote(io, `Report: ${file}`);
  }
  if (flags.junit !== undefined) {
    const { writeJunit } = await import('../../evaluation/export/junit.ts');
    await writeJunit({ file: at(flags.junit), evaluation });
    writeNote(io, `JUnit: ${at(flags.junit)}`);
  }
}

async function holdGate(io: CliIo, { result }: Evaluation, strictness: 'value' | 'strict'): Promise<void> {
  const { gate } = await import('../../evaluation/criteria/criterion.ts');
  const { passed, missing, leftOut } = gate(result ?? { criteria: [] }, strictness);
  if (passed) {
    writeNote(io, 'Gate: passed.');
    return;
  }
  const { suggestRequired } = await import('../../evaluation/score/format-summary.ts');
  const names = (number: number) => count(number, 'required criterion', 'required criteria');
  const reasons = missing.map(({ id, status }) => `${id} (${status === 'passed' ? 'not certain' : status})`).join(', ');
  const sentences = [
    ...(missing.length === 0 ? [] : [`Because of ${names(missing.length)}: ${reasons}.`]),
    ...(leftOut.length === 0
      ? []
      : [
          `${names(leftOut.length)} ${leftOut.length === 1 ? 'was' : 'were'} not measured, because --criteria leaves ${leftOut.length === 1 ? 'it' : 'them'} out: ${leftOut.join(', ')}.`,
        ]),
  ];
  const [suggestion = 'The setting evaluation.required says which criteria are required.'] =
    missing.length === 0 ? [] : suggestRequired(result?.criteria ?? []);
  throw new SwitchboardError({
    code: 'gate-missed',
    message: `Gate: not passed. ${sentences.join(' ')} ${suggestion}`,
  });
}

function incomplete({ stopped, manifest, answered }: Evaluation): SwitchboardError {
  const reason = {
    budget: 'The limit of --max-usd is reached.',
    interrupted: 'Stopped.',
    failing: 'The first tickets all failed. Check the engine with a single ticket (switchboard route).',
  }[stopped ?? 'interrupted'];
  const more = stopped === 'failing' ? ' --retry-failed' : '';
  return new SwitchboardError({
    code: 'run-incomplete',
    message: `${reason} ${count(answered, 'answer')} kept. Continue with: switchboard evaluate --resume ${manifest.id}${more}`,
  });
}
