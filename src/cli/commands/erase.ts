import type { Command } from 'commander';
import { count } from '../../base/plural.ts';
import { UsageError } from '../../errors.ts';
import type { RunsErased } from '../../evaluation/run/erase-from-runs.ts';
import type { Erased, EraseSelection } from '../../pipeline/erase.ts';
import { confirm } from '../confirm.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { addRunsOption, type RunsOption, runsFolder } from '../runs-folder.ts';
import { withEraser } from '../stored/erase-stored.ts';

type EraseFlags = ConfigOption &
  RunsOption & {
    requester?: string;
    ticket?: string;
    yes?: boolean;
    json?: boolean;
  };

export function registerErase(program: Command, io: CliIo): void {
  const command = program
    .command('erase')
    .description('erase everything that is stored about a requester or about one ticket; this cannot be undone')
    .option(
      '--requester <address>',
      'erase every ticket from this address, and imported examples whose requester has it',
    )
    .option('--ticket <id>', 'erase one ticket')
    .option('--yes', 'do not ask')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Tickets are erased with their decisions, history and feedback, with the examples made of them, and with their lines in the
outbox of the file connector and in the folders of runs. While a server has the embedded store open, the command erases
through that server. Your own example files and data sets are not changed: the command names what you must remove from
them yourself. docs/erasing.md lists what else to do.

Examples:
  $ switchboard erase --requester ana@example.com
  $ switchboard erase --ticket t-4711 --yes`,
    )
    .action((flags: EraseFlags) => runErase(io, flags));
  addRunsOption(addConfigOption(addDataOption(command)));
}

async function runErase(io: CliIo, flags: EraseFlags): Promise<void> {
  const what = selectionOf(flags);
  const config = await loadCommandConfig(io, flags);
  const result = await withEraser({ io, config }, async (eraser) => {
    const preview = await eraser.preview(what);
    const question = `Erase ${describe(preview)}, and their lines in the folders of runs? This cannot be undone.`;
    if (!flags.yes && !(await confirm(io, { question, done: 'erased' }))) return null;
    return { ...(await eraser.erase(what)), server: eraser.server };
  });
  if (result === null) {
    writeNote(io, 'Nothing was erased.');
    return;
  }
  const { eraseFromRuns } = await import('../../evaluation/run/erase-from-runs.ts');
  const runs = await eraseFromRuns({
    runsDir: runsFolder(io, { flags, config }),
    // A ticket that was erased from the store before may still be in a run.
    ticketIds: 'ticketId' in what ? [...new Set([what.ticketId, ...result.ticketIds])] : result.ticketIds,
    requester: 'requester' in what ? what.requester : null,
  });
  const { server, ...erased } = result;
  if (flags.json) writeJson(io, { ...erased, ...runs, through: server ?? 'store' });
  else if (erased.ticketIds.length === 0 && erased.examples === 0) {
    const sought = 'ticketId' in what ? 'no stored ticket has this id' : 'no stored ticket or example has this address';
    writeText(io, `Nothing was erased: ${sought}.\n`);
  } else {
    writeText(io, `${describe(erased)} erased.\n`);
    if (server !== null) writeNote(io, `The server at ${server} removes them from its own files within minutes.`);
  }
  noteWhatIsLeft(io, { erased, runs });
}

function selectionOf({ requester, ticket }: EraseFlags): EraseSelection {
  const address = requester?.trim();
  if (address !== undefined && address !== '' && ticket === undefined) return { requester: address };
  if (ticket !== undefined && ticket !== '' && requester === undefined) return { ticketId: ticket };
  throw new UsageError('Say what to erase: either --requester ADDRESS, or --ticket ID.');
}

const describe = ({ ticketIds, examples }: Erased) =>
  `${count(ticketIds.length, 'ticket')} and ${count(examples, 'example')}`;

function noteWhatIsLeft(io: CliIo, { erased, runs }: { erased: Erased; runs: RunsErased }): void {
  if (runs.runs.length > 0) writeNote(io, `Removed from ${count(runs.runs.length, 'run')}: ${runs.runs.join(', ')}.`);
  if (runs.busy.length > 0) {
    writeNote(io, `In use by another process: ${runs.busy.join(', ')}. Run this command again when it has ended.`);
  }
  if (erased.ownExampleIds.length > 0) {
    writeNote(io, `Your own example files contain this requester. Remove: ${erased.ownExampleIds.join(', ')}.`);
  }
  if (runs.datasetFiles.length > 0) {
    writeNote(io, `Data sets of runs still contain such tickets. Remove them from: ${runs.datasetFiles.join(', ')}.`);
  }
}
