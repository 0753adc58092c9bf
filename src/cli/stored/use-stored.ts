import { count } from '../../base/plural.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { type Workspace, withStoredExamples } from '../../config/load-workspace.ts';
import { UsageError } from '../../errors.ts';
import type { CorrectionStore, ExampleSource } from '../../store/store.ts';
import type { IncomingTicket, LabelledTicket } from '../../ticket/ticket.ts';
import { wordsHash } from '../../ticket/words-hash.ts';
import { type CliIo, writeNote } from '../io.ts';
import { findServer, readStoredExamples } from './stored-examples.ts';

/** For --json: the number of stored examples that were used or left out; null when it is not known. */
export type StoredFacts = { readonly used: number } | { readonly leftOut: number | null };

export type StoredUse = {
  readonly workspace: Workspace;
  /** The stored examples that were added to the workspace; null without --stored. */
  readonly stored: readonly LabelledTicket[] | null;
  /** What people have said of the words of `ticket`; null where that is not known. */
  readonly corrections: Pick<CorrectionStore, 'ofWords'> | null;
  readonly facts: StoredFacts;
};

/** A command waits no longer than this for the number of examples that it leaves out. */
const COUNT_WITHIN_MS = 2_000;

/** With --stored, adds imports and corrections of the store to the workspace; without it, notes how many are left out. */
export async function useStored(options: {
  readonly io: CliIo;
  readonly config: LoadedConfig;
  readonly workspace: Workspace;
  readonly flags: { readonly stored?: boolean; readonly taxonomy?: string };
  /** The ticket to decide, where a correction of its words is to decide it. */
  readonly ticket?: IncomingTicket;
}): Promise<StoredUse> {
  const { io, config, workspace, flags, ticket } = options;
  const isOtherTree = flags.taxonomy !== undefined;
  if (isOtherTree && flags.stored) {
    throw new UsageError(
      '--stored and --taxonomy exclude each other: the stored examples are labelled for the configured taxonomy.',
    );
  }
  if (!flags.stored) {
    const leftOut = isOtherTree ? null : await countLeftOut(config);
    if (leftOut !== null && leftOut > 0) {
      const them = leftOut === 1 ? 'it' : 'them';
      writeNote(
        io,
        `Left out ${count(leftOut, 'stored example')} (imports and corrections). Add --stored to use ${them}.`,
      );
    }
    return { workspace, stored: null, corrections: null, facts: { leftOut } };
  }
  const words = ticket === undefined ? null : wordsHash(ticket);
  const { found, server, corrected } = await readStoredExamples({ io, config }, async (reader) => {
    const examples: LabelledTicket[] = [];
    for await (const { example, source } of reader.list({ state: 'active' })) {
      if (source !== 'file') examples.push(example);
    }
    const corrected = words === null ? [] : ((await reader.correctionsOf?.(words)) ?? null);
    return { found: examples, server: reader.server, corrected };
  });
  const { workspace: merged, used, withoutIntent } = withStoredExamples(workspace, found);
  writeNote(
    io,
    `Using ${count(used.length, 'stored example')} (imports and corrections)${server === null ? '' : ` of ${server}`}.`,
  );
  if (withoutIntent > 0) {
    const name = withoutIntent === 1 ? 'names an intent' : 'name intents';
    writeNote(io, `Left out ${count(withoutIntent, 'stored example')} that ${name} the taxonomy does not have.`);
  }
  if (corrected === null) {
    writeNote(io, 'Whether people have corrected a ticket with the same words, only the server knows: POST /v1/route.');
  }
  const corrections = corrected === null ? null : { ofWords: async () => corrected };
  return { workspace: merged, stored: used, corrections, facts: { used: used.length } };
}

/** The number of imports and corrections, if a server or PostgreSQL can say it; null otherwise, as no store is opened. */
async function countLeftOut(config: LoadedConfig): Promise<number | null> {
  const { databaseUrl } = config.secrets;
  try {
    const server = await findServer(config);
    if (server !== null) {
      const { countOnServer } = await import('./server-examples.ts');
      return sumOf(await countOnServer(server, AbortSignal.timeout(COUNT_WITHIN_MS)));
    }
    if (databaseUrl === null) return null;
    const { readExamples } = await import('../../store/read-examples.ts');
    const { dataDir } = config.settings;
    return sumOf(await within(readExamples({ databaseUrl, dataDir }, ({ examples }) => examples.countBySource())));
  } catch {
    return null; // the number is only a hint: the command works without it
  }
}

const sumOf = (counts: Readonly<Record<ExampleSource, number>> | null): number | null =>
  counts === null ? null : counts.import + counts.feedback;

async function within<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {}); // it may still fail after the timeout
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), COUNT_WITHIN_MS);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
