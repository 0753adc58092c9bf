import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { count } from '../../base/plural.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import { InputError } from '../../errors.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { registerImportTickets } from './import-tickets.ts';

type ImportOptions = ConfigOption & { json?: boolean };

/** Further issues are only counted. */
const MAX_ISSUES = 20;

export function registerImport(program: Command, io: CliIo): void {
  const group = program.command('import').description('add data to the store');
  const command = group
    .command('examples <file>')
    .description('add labelled tickets (JSON Lines) that the engines learn from')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Each line is a ticket with its intent: {"id":"e-1","body":"Where is my parcel?","intent":"order-related/shipping-information"}
An imported example of the same id is replaced; ids of your own example files and of corrections are refused. While a
server has the embedded store open, the command imports through that server.

Example:
  $ switchboard import examples more-examples.jsonl`,
    )
    .action((file: string, options: ImportOptions) => runImportExamples(io, file, options));
  addConfigOption(addDataOption(command));
  registerImportTickets(group, io);
}

async function runImportExamples(io: CliIo, file: string, options: ImportOptions): Promise<void> {
  const config = await loadCommandConfig(io, options);
  const [{ loadWorkspace }, { readLabelledTickets }, { changeStoredExamples }] = await Promise.all([
    import('../../config/load-workspace.ts'),
    import('../../config/labelled-tickets.ts'),
    import('../stored/stored-examples.ts'),
  ]);
  const { taxonomy, ownExampleIds } = await loadWorkspace(config);
  const path = resolve(io.cwd, file);
  const tickets = await readLabelledTickets({ file: path, taxonomy });
  const examples = tickets.filter((ticket): ticket is Example => ticket.intent !== null);
  const skipped = tickets.length - examples.length;
  const refuse = async (issues: readonly Issue[], message: string) => {
    throw await locateIssues({ path, tickets, examples, issues, message });
  };
  const own = examples.flatMap(({ id }, place) =>
    ownExampleIds.has(id)
      ? [{ path: `[${place}].id`, message: `the id "${id}" belongs to your own example files` }]
      : [],
  );
  if (own.length > 0) {
    const have = own.length === 1 ? 'has an id' : 'have ids';
    await refuse(
      own,
      `${count(own.length, 'example')} ${have} of your own example files. Nothing was imported. Change these ids:`,
    );
  }

  const { changes, server } = await changeStoredExamples({ io, config }, async (editor) => ({
    changes: await editor.import(examples),
    server: editor.server,
  })).catch((error: unknown) => {
    if (error instanceof InputError && error.issues.length > 0) return refuse(error.issues, error.message);
    throw error;
  });
  if (options.json) {
    writeJson(io, { ...changes, skipped, through: server ?? 'store' });
    return;
  }
  const { added, changed, unchanged } = changes;
  writeText(io, `${count(examples.length, 'example')}: ${added} added, ${changed} changed, ${unchanged} unchanged.\n`);
  if (skipped > 0) {
    writeNote(io, `Left out ${count(skipped, 'ticket')} without an intent: only a labelled ticket can be an example.`);
  }
}

type Issue = InputError['issues'][number];

/** An `InputError` that names the issues of examples by the lines of their file. */
async function locateIssues(options: {
  path: string;
  tickets: readonly LabelledTicket[];
  examples: readonly Example[];
  issues: readonly Issue[];
  message: string;
}): Promise<InputError> {
  const { path, tickets, examples, issues, message } = options;
  const text = await readFile(path, 'utf8');
  const lines = text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [i + 1]));
  const lineOf = new Map(tickets.map(({ id }, place) => [id, lines[place]]));
  const shown = issues.slice(0, MAX_ISSUES).map((issue) => {
    const place = /^\[(\d+)\]/.exec(issue.path)?.[1];
    const line = place === undefined ? undefined : lineOf.get(examples[Number(place)]?.id ?? '');
    return `  ${path}${line === undefined ? '' : `:${line}`}: ${issue.message}`;
  });
  const more = issues.length > shown.length ? [`  and ${issues.length - shown.length} more`] : [];
  return new InputError({ message: [message, ...shown, ...more].join('\n'), issues });
}
