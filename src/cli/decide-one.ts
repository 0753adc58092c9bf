import type { Decider } from '../app.ts';
import type { ClassifierKind } from '../config/config-schema.ts';
import type { IncomingTicket } from '../ticket/ticket.ts';
import { type CliIo, createProgress } from './io.ts';
import { type ConfigOption, loadCommandConfig } from './load-command-config.ts';
import type { StoredFacts } from './stored/use-stored.ts';

export type DecideOneOptions = ConfigOption & {
  text?: string;
  classifier?: ClassifierKind;
  stored?: boolean;
  json?: boolean;
};

/** Reads the ticket of a command line, opens an engine for it, calls `decide` and closes the engine. */
export async function decideOne<Result>(options: {
  io: CliIo;
  /** The file with the ticket; without it and without `flags.text`, standard input is read. */
  file: string | undefined;
  flags: DecideOneOptions;
  decide: (decider: Decider, ticket: IncomingTicket) => Promise<Result>;
}): Promise<{ result: Result; engine: Decider['engine']; facts: StoredFacts }> {
  const { io, file, flags, decide } = options;
  const { readIncoming } = await import('./read-incoming.ts');
  const ticket = await readIncoming(io, { file, text: flags.text });
  const config = await loadCommandConfig(io, { ...flags, overrides: { classifier: flags.classifier } });
  const { createDecider } = await import('../app.ts');
  const { noteSetAside } = await import('./note-set-aside.ts');
  const { loadWorkspace } = await import('../config/load-workspace.ts');
  const { useStored } = await import('./stored/use-stored.ts');
  const { workspace, corrections, facts } = await useStored({
    io,
    config,
    ticket,
    workspace: await loadWorkspace(config),
    flags,
  });
  await noteSetAside(io, { config, taxonomy: workspace.taxonomy });
  const progress = createProgress(io);
  const decider = await createDecider({ config, workspace, corrections, onProgress: progress });
  try {
    return { result: await decide(decider, ticket), engine: decider.engine, facts };
  } finally {
    progress.finish();
    await decider.close();
  }
}
