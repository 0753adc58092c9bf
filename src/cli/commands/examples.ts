import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { count } from '../../base/plural.ts';
import { openPrivateFile } from '../../base/private-files.ts';
import { type ExampleSource, exampleSources, type StoredExample } from '../../store/store.ts';
import { confirm } from '../confirm.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { positiveWhole } from '../positive.ts';
import { printableJson } from '../printable.ts';
import { formatExample } from '../stored/format-example.ts';
import { changeStoredExamples, type NamedFilter, readStoredExamples } from '../stored/stored-examples.ts';

type StoreFlags = ConfigOption & { data?: string };
type FilterFlags = StoreFlags & { intent?: string; source?: ExampleSource; actor?: string; text?: string };
type ListFlags = FilterFlags & { state?: 'active' | 'waiting'; limit?: number; json?: boolean };
type ApproveFlags = StoreFlags & { json?: boolean };
type RemoveFlags = StoreFlags & { yes?: boolean; json?: boolean };

export function registerExamples(program: Command, io: CliIo): void {
  const group = program
    .command('examples')
    .description('what the engine has learned besides your own files: imports and corrections, with who added them');
  const list = group
    .command('list')
    .description('show them, those of your own files among them')
    .addOption(new Option('--state <state>', 'waiting: for a review').choices(['active', 'waiting']))
    .addOption(new Option('--limit <n>', 'show no more than these').argParser(positiveWhole('--limit')))
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ switchboard examples list --source feedback --actor ana\n  $ switchboard examples list --state waiting --json',
    )
    .action((flags: ListFlags) => listExamples(io, flags));
  addStoreOptions(addFilterOptions(list));
  const exporting = group
    .command('export [file]')
    .description('write imports and corrections as JSON Lines (default: standard output)')
    .addHelpText(
      'after',
      `
What waits for a review is left out, and so are your own files unless --source asks for them. The lines can be read by
"switchboard import examples" and by "examples:" of a configuration.

Example:
  $ switchboard examples export corrections.jsonl --source feedback`,
    )
    .action((file: string | undefined, flags: FilterFlags) => exportExamples(io, file, flags));
  addStoreOptions(addFilterOptions(exporting));
  const approve = group
    .command('approve <ids...>')
    .description('let examples be learned that wait for a review')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
"switchboard examples list --state waiting" shows them, with why each waits. A correction that contradicted another takes
effect with its example: the ticket goes to the team that it names.

Example:
  $ switchboard examples approve feedback:t-4:1`,
    )
    .action((ids: string[], flags: ApproveFlags) => approveExamples(io, ids, flags));
  addStoreOptions(approve);
  const remove = group
    .command('remove <ids...>')
    .description('take imports and corrections out again; the engine forgets them')
    .option('--yes', 'do not ask')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ switchboard examples remove e-17 feedback:t-4:1')
    .action((ids: string[], flags: RemoveFlags) => removeExamples(io, ids, flags));
  addStoreOptions(remove);
}

function addFilterOptions(command: Command): Command {
  return command
    .option('--intent <id>', 'of this intent, or below it')
    .addOption(new Option('--source <source>', 'file: your own; import; feedback: corrections').choices(exampleSources))
    .option('--actor <id>', 'added by this user, token or connector')
    .option('--text <words>', 'with these words');
}

const addStoreOptions = (command: Command): Command =>
  addConfigOption(command.option('--data <dir>', 'folder of the embedded store'));

const loadStoreConfig = (io: CliIo, flags: StoreFlags) =>
  loadCommandConfig(io, { ...flags, overrides: { dataDir: flags.data } });

function filterOf({ intent, source, actor, text, state }: FilterFlags & Pick<ListFlags, 'state'>): NamedFilter {
  return {
    ...(intent !== undefined && { intent }),
    ...(source !== undefined && { source }),
    ...(actor !== undefined && { actor }),
    ...(text !== undefined && { text }),
    ...(state !== undefined && { state }),
  };
}

async function listExamples(io: CliIo, flags: ListFlags): Promise<void> {
  const config = await loadStoreConfig(io, flags);
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
    else if (shown === 0) writeNote(io, 'No example is stored that fits.');
    else writeNote(io, isMore ? `${count(shown, 'example')}, and there are more.` : `${count(shown, 'example')}.`);
  });
}

async function exportExamples(io: CliIo, file: string | undefined, flags: FilterFlags): Promise<void> {
  const config = await loadStoreConfig(io, flags);
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
  const config = await loadStoreConfig(io, flags);
  await changeStoredExamples({ io, config }, (editor) => editor.approve(ids));
  if (flags.json) writeJson(io, { approved: ids.length });
  else writeText(io, `${count(ids.length, 'example')} approved.\n`);
}

async function removeExamples(io: CliIo, given: readonly string[], flags: RemoveFlags): Promise<void> {
  const ids = [...new Set(given)];
  const config = await loadStoreConfig(io, flags);
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
