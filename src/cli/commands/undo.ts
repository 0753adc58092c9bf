import type { Command } from 'commander';
import { count } from '../../base/plural.ts';
import { SwitchboardError, UsageError } from '../../errors.ts';
import type { UndoneDelivery } from '../../pipeline/undo-delivery.ts';
import { confirm } from '../confirm.ts';
import { type CliIo, createProgress, writeJson, writeNote, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { momentOf } from '../moment.ts';
import { type DeliveredFilter, type Undoer, withUndoer } from '../stored/undo-stored.ts';

type UndoFlags = ConfigOption & { since?: string; release?: string; yes?: boolean; json?: boolean };

/** A decision whose delivery could not be taken back. */
type Failed = { readonly decisionId: string; readonly state: 'failed'; readonly detail: string };

export function registerUndo(program: Command, io: CliIo): void {
  const command = program
    .command('undo')
    .argument('[decision]', 'id of the decision, for example d-01J…')
    .description('take back what decisions have written to a helpdesk, where it still has that')
    .option('--since <time>', 'everything delivered since then: a time, or how long ago (2h)')
    .option('--release <id>', 'everything that a release has delivered')
    .option('--yes', 'do not ask')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Each field goes back to what it was before, if it still has what was written; where somebody has changed it since, it
stays. A note in the ticket says so. While a server has the embedded store open, the command works through that server.

Examples:
  $ switchboard undo d-01JDQ4T0
  $ switchboard undo --since 30m
  $ switchboard undo --release r-4f1c2a --yes`,
    )
    .action((decision: string | undefined, flags: UndoFlags) => runUndo(io, { decision, flags }));
  addConfigOption(addDataOption(command));
}

async function runUndo(io: CliIo, { decision, flags }: { decision: string | undefined; flags: UndoFlags }) {
  const filter = filterOf(decision, flags);
  const config = await loadCommandConfig(io, flags);
  const results = await withUndoer({ io, config }, async (undoer) => {
    const ids = filter === null ? [decision ?? ''] : await undoer.find(filter);
    if (filter === null) return [await undoer.undo(ids[0] ?? '')];
    if (ids.length === 0) return [];
    const question = `Take back ${count(ids.length, 'delivery', 'deliveries')}?`;
    if (!flags.yes && !(await confirm(io, { question, done: 'taken back' }))) return null;
    return undoAll(io, { undoer, ids });
  });
  if (results === null) {
    writeNote(io, 'Nothing was taken back.');
    return;
  }
  if (flags.json) writeJson(io, { results });
  else writeText(io, describeResults(results));
  const failed = results.filter(({ state }) => state === 'failed');
  if (failed.length > 0) {
    const message = `${count(failed.length, 'delivery', 'deliveries')} could not be taken back. Run the command again when the helpdesk responds.`;
    throw new SwitchboardError({ code: 'internal', message });
  }
}

/** One after another, so that a helpdesk's limits are kept; one that fails does not stop the others. */
async function undoAll(
  io: CliIo,
  { undoer, ids }: { undoer: Undoer; ids: readonly string[] },
): Promise<readonly (UndoneDelivery | Failed)[]> {
  const progress = createProgress(io);
  const results: (UndoneDelivery | Failed)[] = [];
  try {
    for (const decisionId of ids) {
      progress({ step: 'taking back', done: results.length, total: ids.length });
      try {
        results.push(await undoer.undo(decisionId));
      } catch (error) {
        if (!(error instanceof SwitchboardError)) throw error;
        results.push({ decisionId, state: 'failed', detail: error.message });
      }
    }
  } finally {
    progress.finish();
  }
  return results;
}

/** Null for one decision. Throws UsageError. */
function filterOf(decision: string | undefined, { since, release }: UndoFlags): DeliveredFilter | null {
  const isFiltered = since !== undefined || release !== undefined;
  if (decision !== undefined && isFiltered) {
    throw new UsageError('Give either the id of a decision, or --since and --release.');
  }
  if (decision !== undefined && decision !== '') return null;
  if (!isFiltered) throw new UsageError('Say what to take back: the id of a decision, --since TIME or --release ID.');
  return {
    ...(since !== undefined && { since: momentOf('--since', since) }),
    ...(release !== undefined && { release }),
  };
}

function describeResults(results: readonly (UndoneDelivery | Failed)[]): string {
  if (results.length === 0) return 'There is nothing to take back.\n';
  const words = { undone: 'taken back', kept: 'left as it is', failed: 'not taken back' } as const;
  const lines = results.map(({ decisionId, state, detail }) => `${decisionId}  ${words[state]}: ${detail}`);
  const undone = results.filter(({ state }) => state === 'undone').length;
  return `${lines.join('\n')}\n${count(undone, 'delivery', 'deliveries')} of ${results.length} taken back.\n`;
}
