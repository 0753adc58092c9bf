import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { count } from '../../base/plural.ts';
import { openPrivateFile } from '../../base/private-files.ts';
import { type ExampleSource, exampleSources, type StoredExample } from '../../store/store.ts';
import { confirm } from '../confirm.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { positiveWhole } from '../positive.ts';
import { printableJson } from '../printable.ts';
import { formatExample } from '../stored/format-example.ts';
import { changeStoredExamples, type NamedFilter, readStoredExamples } from '../stored/stored-examples.ts';

type FilterFlags = ConfigOption & {
  intent?: string;
  outOfScope?: boolean;
  source?: ExampleSource;
  actor?: string;
  text?: string;
};
type ListFlags = FilterFlags & { state?: 'active' | 'waiting'; limit?: number; json?: boolean };
type ApproveFlags = ConfigOption & { json?: boolean };
type RemoveFlags = ConfigOption & { yes?: boolean; json?: boolean };

export function registerExamples(program: Command, io: CliIo): void {
  const group = program
    .command('examples')
    .description('show, export, remove or approve the examples in the store: imports, corrections and your own files');
  const list = group
    .command('list')
    .description('show the stored examples, with where each comes from and who added it')
    .addOption(
      new Option('--state <state>', 'active: learned by the engine; waiting: for a review').choices([
        'active',
        'waiting',
      ]),
    )
    .addOption(new Option('--limit <n>', 'show at most this many').argParser(positiveWhole('--limit')))
    .option('--json', 'print the examples as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ switchboard examples list --source feedback --actor ana\n  $ switchboard examples list --state waiting --json\n  $ switchboard examples list --out-of-scope',
    )
    .action((flags: ListFlags) => listExamples(io, flags));
  addStoreOptions(addFilterOptions(list));
  const exporting = group
    .command('export [file]')
    .description('write imports and corrections as JSON Lines (default: standard output)')
    .addHelpText(
      'after',
      `
Examples that wait for a review are left out, and so are those of your own files unless you add --source file. The file
can be used with "switchboard import examples" and as an entry of "examples:" in the configuration.

Example:
  $ switchboard examples export corrections.jsonl --source feedback`,
    )
    .action((file: string | undefined, flags: FilterFlags) => exportExamples(io, file, flags));
  addStoreOptions(addFilterOptions(exporting));
  const approve = group
    .command('approve <ids...>')
    .description('let the engine learn examples that wait for a review')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
"switchboard examples list --state waiting" shows them, with the reason why each one waits. Approving an example of a
correction also applies that correction: the ticket moves to the team that it names.

Example:
  $ switchboard examples approve feedback:t-4:1`,
    )
    .action((ids: string[], flags: ApproveFlags) => approveExamples(io, ids, flags));
  addStoreOptions(approve);
  const remove = group
    .command('remove <ids...>')
    .description('remove imports and corrections from the store; the engine forgets them')
    .option('--yes', 'do not ask for confirmation')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ switchboard examples remove e-17 feedback:t-4:1')
    .action((ids: string[], flags: RemoveFlags) => removeExamples(io, ids, flags));
  addStoreOptions(remove);
}

function addFilterOptions(command: Command): Command {
  return command
    .option('--intent <id>', 'only examples of this intent or below it')
    .option('--out-of-scope', 'only tickets that belong to nobody: no intent fits')
    .addOption(
      new Option(
        '--source <source>',
        'only examples from here. file: your own files; import: imports; feedback: corrections',
      ).choices(exampleSources),
    )
    .option('--actor <id>', 'only examples that this user, token or connector added')
    .option('--text <words>', 'only examples that contain these words');
}

const addStoreOptions = (command: Command): Command => addConfigOption(addDataOption(command));

function filterOf({
  intent,
  outOfScope,
  source,
  actor,
  text,
  state,
}: FilterFlags & Pick<ListFlags, 'state'>): NamedFilter {
  return {
    ...(intent !== undefined && { intent }),
    ...(outOfScope !== undefined && { outOfScope }),
    ...(source !== undefined && { source }),
    ...(actor !== undefined && { actor }),
    ...(text !== undefined && { text }),
    ...(state !== undefined && { state }),
  };
}

async function listExamples(io: CliIo, flags: ListFlags): Promise<void> {
  const config = await loadCommandConfig(io, flags);
  const { limit = Number.POSITIVE_INFINITY } = flags;
  await readStoredExamples({ io, config }, async (reader) => {
    const listed: StoredExample[] = [];
    let shown = 0;
    let isMore = false;
    for await (const stored of reader.list(filterOf(flags))) {
      isMore = shown >= limit;
      if (isMore) break;
      shown += 1;
      if (flags.json) listed.push(stored);
      else writeText(io, formatExample(stored, io.colors));
    }
    if (flags.json) writeJson(io, listed);
    else if (shown === 0) writeNote(io, 'There is no such example in the store.');
    else writeNote(io, isMore ? `${count(shown, 'example')}, and there are more.` : `${count(shown, 'example')}.`);
  });
}

async function exportExamples(io: CliIo, file: string | undefined, flags: FilterFlags): Promise<void> {
  const config = await loadCommandConfig(io, flags);
  await readStoredExamples({ io, config }, async (reader) => {
    let exported = 0;
    async function* lines() {
      for await (const { example, source } of reader.list({ ...filterOf(flags), state: 'active' })) {
        if (source === 'file' && flags.source !== 'file') continue;
        exported += 1;
        yield `${printableJson(example)}\n`;
      }
    }
    if (file === undefined) for await (const line of lines()) writeText(io, line);
    else
      await pipeline(Readable.from(lines()), (await openPrivateFile(resolve(io.cwd, file), 'w')).createWriteStream());
    writeNote(io, `${count(exported, 'example')}${file === undefined ? '' : ` in ${file}`}.`);
  });
}

async function approveExamples(io: CliIo, given: readonly string[], flags: ApproveFlags): Promise<void> {
  const ids = [...new Set(given)];
  const config = await loadCommandConfig(io, flags);
  await changeStoredExamples({ io, config }, (editor) => editor.approve(ids));
  if (flags.json) writeJson(io, { approved: ids.length });
  else writeText(io, `${count(ids.length, 'example')} approved.\n`);
}

async function removeExamples(io: CliIo, given: readonly string[], flags: RemoveFlags): Promise<void> {
  const ids = [...new Set(given)];
  const config = await loadCommandConfig(io, flags);
  if (
    !flags.yes &&
    !(await confirm(io, {
      question: `Remove ${count(ids.length, 'example')}? The engine forgets them.`,
      done: 'removed',
    }))
  ) {
    writeNote(io, 'Nothing was removed.');
    return;
  }
  await changeStoredExamples({ io, config }, (editor) => editor.remove(ids));
  if (flags.json) writeJson(io, { removed: ids.length });
  else writeText(io, `${count(ids.length, 'example')} removed.\n`);
}
