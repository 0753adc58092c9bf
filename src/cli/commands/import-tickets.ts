import type { Command } from 'commander';
import { ConflictError } from '../../errors.ts';
import { type CliIo, writeJson, writeText } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { momentOf } from '../moment.ts';
import { accountActor } from '../stored/account-actor.ts';
import { withStoreAccess } from '../stored/server-or-app.ts';

type ImportTicketsFlags = ConfigOption & { connector: string; since: string; json?: boolean };

export function registerImportTickets(group: Command, io: CliIo): void {
  const command = group
    .command('tickets')
    .description('take in older tickets of a helpdesk; nothing is written to them')
    .requiredOption('--connector <name>', 'the connector of the helpdesk')
    .requiredOption('--since <time>', 'tickets created since then: a time, or how long ago (30d)')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
A connector takes in tickets from the time of connection on. This also takes in those from before, open or closed, from the
groups and brands of the connector. They are read by the running worker when no live ticket waits, decided, and left as they
are. A customer who writes to one of them again is treated like any other.

Example:
  $ switchboard import tickets --connector desk --since 30d`,
    )
    .action((flags: ImportTicketsFlags) => runImportTickets(io, flags));
  addConfigOption(addDataOption(command));
}

async function runImportTickets(io: CliIo, flags: ImportTicketsFlags): Promise<void> {
  const since = momentOf('--since', flags.since);
  const config = await loadCommandConfig(io, flags);
  const { connector } = flags;
  await withStoreAccess({ io, config }, async (access) => {
    if (access.kind === 'nothing') {
      throw new ConflictError(
        'Nothing is stored yet. Start `switchboard serve` once, so that the helpdesk is connected.',
      );
    }
    if (access.kind === 'app') return access.app.importTickets({ connector, since, actor: accountActor() });
    await access.call('/v1/imports', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ connector, since: since.toISOString() }),
    });
  });
  if (flags.json) writeJson(io, { connector, since: since.toISOString() });
  else {
    writeText(
      io,
      `The import has begun. Tickets of "${connector}" since ${since.toISOString()} are read and decided when no live ticket waits, while a worker runs.\n`,
    );
  }
}
