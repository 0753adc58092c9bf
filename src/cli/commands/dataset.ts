import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { count } from '../../base/plural.ts';
import { makePrivateFolder, writePrivateFile } from '../../base/private-files.ts';
import { countUnknownFields } from '../../config/labelled-tickets.ts';
import { SwitchboardError, UsageError } from '../../errors.ts';
import type { DatasetCheck, Finding } from '../../evaluation/dataset/check-dataset.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { type CliIo, createProgress, writeJson, writeNote, writeText } from '../io.ts';
import { addScopeOptions, loadScope, type ScopeFlags } from '../load-scope.ts';
import { printableLine } from '../printable.ts';

type CheckFlags = ScopeFlags & { labels?: boolean; json?: boolean };
type ExportFlags = { promptfoo: string; provider: string };
type SplitFlags = { out: string; testShare: string; seed: string; json?: boolean };

/** Cross-validating more tickets takes minutes, and a sample of this size shows how good the labels are. */
const MAX_CROSS_VALIDATED = 3_000;
const ITEMS_SHOWN = 5;

export function registerDataset(program: Command, io: CliIo): void {
  const dataset = program.command('dataset').description('check, split or export a data set');
  const check = dataset
    .command('check [files...]')
    .description(
      'find near-duplicates, conflicting labels, intents with few tickets and likely label errors, and say how exact a result on this data set can be',
    )
    .option('--no-labels', 'skip the cross-validation that finds likely label errors')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
Without FILES it checks the data set of the configuration (evaluation.dataset). It exits with 1 after a finding marked ✗ ("severity":
"wrong" in the JSON), with which figures would be misleading, and with 0 after the others.

Examples:
  $ switchboard dataset check tickets.jsonl
  $ switchboard dataset check --json`,
    )
    .action((files: string[], flags: CheckFlags) => runCheck(io, files, flags));
  addScopeOptions(check);
  dataset
    .command('split <file>')
    .description('split a data set into examples and a test set; a ticket and its variants stay together')
    .requiredOption('--out <dir>', 'folder for train.jsonl and test.jsonl')
    .option('--test-share <share>', 'share of the tickets for the test set, between 0 and 1', '0.3')
    .option('--seed <n>', 'number that decides the random split', '1')
    .option('--json', 'print the counts as JSON')
    .addHelpText('after', '\nExample:\n  $ switchboard dataset split tickets.jsonl --out data --test-share 0.2')
    .action((file: string, flags: SplitFlags) => runSplit(io, file, flags));
  dataset
    .command('export <files...>')
    .description('write labelled tickets as test cases for promptfoo')
    .requiredOption('--promptfoo <file>', 'configuration of promptfoo to write')
    .option('--provider <module>', 'module of the provider, relative to that file', 'switchboard-provider.mjs')
    .addHelpText('after', '\nExample:\n  $ switchboard dataset export tickets.jsonl --promptfoo promptfooconfig.json')
    .action((files: string[], flags: ExportFlags) => runExport(io, files, flags));
}

async function runExport(io: CliIo, files: readonly string[], flags: ExportFlags): Promise<void> {
  const { loadDataset } = await import('../../evaluation/dataset/load-dataset.ts');
  const { exportPromptfoo } = await import('../../evaluation/export/promptfoo.ts');
  const { tickets } = await loadDataset({ files: files.map((file) => resolve(io.cwd, file)), taxonomy: null });
  const config = exportPromptfoo({ description: files.join(', '), tickets, provider: flags.provider });
  await writePrivateFile(resolve(io.cwd, flags.promptfoo), `${JSON.stringify(config, null, 2)}\n`);
  writeNote(
    io,
    `${count(tickets.length, 'test case')} in ${flags.promptfoo}. Run them with: npx promptfoo eval -c ${flags.promptfoo}`,
  );
}

async function runCheck(io: CliIo, files: readonly string[], flags: CheckFlags): Promise<void> {
  const { checkDataset } = await import('../../evaluation/dataset/check-dataset.ts');
  const { crossValidate } = await import('../../evaluation/dataset/cross-validate.ts');
  const {
    config,
    workspace,
    files: scope,
    tickets,
  } = await loadScope(io, {
    ...flags,
    dataset: files.length > 0 ? [...files] : undefined,
    usage: 'switchboard dataset check tickets.jsonl',
  });
  const progress = createProgress(io);
  const inScope = tickets.flatMap((ticket) => (ticket.intent === null ? [] : [{ ...ticket, intent: ticket.intent }]));
  const heldOut =
    flags.labels === false
      ? null
      : await crossValidate({
          tickets: inScope,
          taxonomy: workspace.taxonomy,
          seed: 1,
          maxTickets: MAX_CROSS_VALIDATED,
          onProgress: progress,
        });
  progress.finish();
  const check = checkDataset({
    tickets,
    examples: [...workspace.examples, ...workspace.outOfScope],
    taxonomy: workspace.taxonomy,
    heldOut,
    unknownFields: await countUnknownFields([...scope, ...config.settings.examples]),
  });
  if (flags.json) writeJson(io, check);
  else writeText(io, formatCheck(check, io));
  const wrong = check.findings.filter(({ severity }) => severity === 'wrong');
  if (wrong.length === 0) return;
  throw new SwitchboardError({
    code: 'dataset-wrong',
    message: `With ${wrong.length === 1 ? 'this finding' : 'these findings'}, figures would be misleading: ${wrong.map(({ id }) => id).join(', ')}.`,
  });
}

function formatCheck({ tickets, intents, findings }: DatasetCheck, { colors }: CliIo): string {
  const marks: Readonly<Record<Finding['severity'], string>> = {
    wrong: colors.red('✗'),
    thin: colors.yellow('!'),
    note: colors.dim('·'),
  };
  const order = ['wrong', 'thin', 'note'];
  const sorted = findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const lines = sorted.flatMap(({ id, severity, message, items }) => {
    const shown = itemised.has(id) ? items.slice(0, ITEMS_SHOWN) : [];
    return [
      `${marks[severity]} ${message}`,
      ...shown.map((item) => colors.dim(`    ${formatItem(item)}`)),
      ...(shown.length > 0 && items.length > shown.length
        ? [colors.dim(`    and ${items.length - shown.length} more, see --json`)]
        : []),
    ];
  });
  return `${colors.bold(`${count(tickets, 'ticket')}, ${count(intents, 'intent')}`)}\n${lines.join('\n')}\n`;
}

/** The facts of one item for people: `id t-1, label billing, suggested orders, confidence 0.98`. */
function formatItem({ tickets, ...item }: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(tickets)) return tickets.map((ticket) => formatLabel(Object(ticket))).join(', ');
  return Object.entries(item)
    .map(([name, value]) => `${name} ${formatFact(value)}`)
    .join(', ');
}

/** `t-1 is billing`. */
function formatLabel({ id, intent }: Readonly<Record<string, unknown>>): string {
  return `${formatFact(id)} is ${intent === null ? 'out of scope' : formatFact(intent)}`;
}

function formatFact(value: unknown): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toFixed(2);
  return printableLine(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Findings whose items are listed one by one. */
const itemised: ReadonlySet<Finding['id']> = new Set([
  'leakage',
  'near-duplicates-across',
  'near-duplicates',
  'conflicting-labels',
  'likely-label-errors',
]);

async function runSplit(io: CliIo, file: string, flags: SplitFlags): Promise<void> {
  const { loadDataset } = await import('../../evaluation/dataset/load-dataset.ts');
  const { splitDataset } = await import('../../evaluation/dataset/split-dataset.ts');
  const testShare = Number(flags.testShare);
  if (!(testShare > 0 && testShare < 1)) {
    throw new UsageError(`--test-share must be a share between 0 and 1, not "${flags.testShare}".`);
  }
  const seed = Number(flags.seed);
  if (!Number.isInteger(seed)) throw new UsageError(`--seed must be a whole number, not "${flags.seed}".`);
  const { tickets } = await loadDataset({ files: [resolve(io.cwd, file)], taxonomy: null });
  const { train, test } = splitDataset({ tickets, testShare, seed });
  const out = resolve(io.cwd, flags.out);
  await makePrivateFolder(out);
  const lines = (part: readonly LabelledTicket[]) => part.map((ticket) => `${JSON.stringify(ticket)}\n`).join('');
  await writePrivateFile(join(out, 'train.jsonl'), lines(train));
  await writePrivateFile(join(out, 'test.jsonl'), lines(test));
  if (flags.json) writeJson(io, { train: train.length, test: test.length, out });
  else
    writeNote(
      io,
      `${count(train.length, 'ticket')} in ${join(out, 'train.jsonl')}, ${test.length} in ${join(out, 'test.jsonl')}.`,
    );
}
