import { resolve } from 'node:path';
import type { Command } from 'commander';
import { count } from '../../base/plural.ts';
import { UsageError } from '../../errors.ts';
import type { RunsErased } from '../../evaluation/run/erase-from-runs.ts';
import type { Erased, EraseSelection } from '../../pipeline/erase.ts';
import { confirm } from '../confirm.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { withEraser } from '../stored/erase-stored.ts';

type EraseFlags = ConfigOption & {
  requester?: string;
  ticket?: string;
  data?: string;
  runs: string;
  yes?: boolean;
  json?: boolean;
};

export function registerErase(program: Command, io: CliIo): void {
  const command = program
    .command('erase')
    .description('erase what is stored of a requester, or of one ticket, for good')
    .option('--requester <address>', 'every ticket with this address, and imported examples that name it')
    .option('--ticket <id>', 'one ticket')
    .option('--data <dir>', 'folder of the embedded store')
    .option('--runs <dir>', 'folder of the runs', 'runs')
    .option('--yes', 'do not ask')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Tickets go with their decisions, history, feedback, the examples made of them, their lines in the file connector's outbox and
in the folders of runs. A running server that holds the store is asked to erase. Examples in your own files and tickets of
data sets are named, and stay: take them out yourself. docs/erasing.md says what else there is to do.

Examples:
  $ switchboard erase --requester ana@example.com
  $ switchboard erase --ticket t-4711 --yes`,
    )
    .action((flags: EraseFlags) => runErase(io, flags));
  addConfigOption(command);
}

async function runErase(io: CliIo, flags: EraseFlags): Promise<void> {
  const what = selectionOf(flags);
  const config = await loadCommandConfig(io, { ...flags, overrides: { dataDir: flags.data } });
  const result = await withEraser({ io, config }, async (eraser) => {
    const preview = await eraser.preview(what);
    const question = `Erase ${describe(preview)}, and what runs hold of them? This cannot be undone.`;
    if (!flags.yes && !(await confirm(io, { question, done: 'erased' }))) return null;
    return { ...(await eraser.erase(what)), server: eraser.server };
  });
  if (result === null) {
    writeNote(io, 'Nothing was erased.');
    return;
  }
  const { eraseFromRuns } = await import('../../evaluation/run/erase-from-runs.ts');
  const runs = await eraseFromRuns({
    runsDir: resolve(io.cwd, flags.runs),
    // One that was erased before may still be in a run.
    ticketIds: 'ticketId' in what ? [...new Set([what.ticketId, ...result.ticketIds])] : result.ticketIds,
    requester: 'requester' in what ? what.requester : null,
  });
  const { server, ...erased } = result;
  if (flags.json) writeJson(io, { ...erased, ...runs, through: server ?? 'store' });
  else {
    writeText(io, `${describe(erased)} erased.\n`);
    if (server !== null) writeNote(io, `The server at ${server} takes them out of its own files within minutes.`);
  }
  noteWhatIsLeft(io, { erased, runs });
}

function selectionOf({ requester, ticket }: EraseFlags): EraseSelection {
  const address = requester?.trim();
  if (address !== undefined && address !== '' && ticket === undefined) return { requester: address };
  if (ticket !== undefined && ticket !== '' && requester === undefined) return { ticketId: ticket };
  throw new UsageError('Say what to erase: --requester ADDRESS, or --ticket ID.');
}

const describe = ({ ticketIds, examples }: Erased) =>
  `${count(ticketIds.length, 'ticket')} and ${count(examples, 'example')}`;

function noteWhatIsLeft(io: CliIo, { erased, runs }: { erased: Erased; runs: RunsErased }): void {
  if (runs.runs.length > 0) writeNote(io, `Taken out of ${count(runs.runs.length, 'run')}: ${runs.runs.join(', ')}.`);
  if (runs.busy.length > 0) {
    writeNote(io, `A process works on ${runs.busy.join(', ')}: erase again when it has ended.`);
  }
  if (erased.ownExampleIds.length > 0) {
    writeNote(io, `Your own example files name this requester. Take out: ${erased.ownExampleIds.join(', ')}.`);
  }
  if (runs.datasetFiles.length > 0) {
    writeNote(io, `Data sets of runs still hold such tickets. Take them out of: ${runs.datasetFiles.join(', ')}.`);
  }
}
