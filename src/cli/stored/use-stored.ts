import { count } from '../../base/plural.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { type Workspace, withStoredExamples } from '../../config/load-workspace.ts';
import { UsageError } from '../../errors.ts';
import type { ExampleSource } from '../../store/store.ts';
import { type CliIo, writeNote } from '../io.ts';
import { findServer, readStoredExamples } from './stored-examples.ts';

/** For --json: how many stored examples were used or left out; null where nobody said how many there are. */
export type StoredFacts = { readonly used: number } | { readonly leftOut: number | null };

export type StoredUse = {
  readonly workspace: Workspace;
  /** The stored examples in the workspace; null without --stored. */
  readonly stored: readonly Example[] | null;
  readonly facts: StoredFacts;
};

/** Nobody waits longer to hear what was left out. */
const COUNT_WITHIN_MS = 2_000;

/** With --stored, takes in what the server has learned besides the company's own files; without it, says what is left out. */
export async function useStored(options: {
  readonly io: CliIo;
  readonly config: LoadedConfig;
  readonly workspace: Workspace;
  readonly flags: { readonly stored?: boolean; readonly taxonomy?: string };
}): Promise<StoredUse> {
  const { io, config, workspace, flags } = options;
  const isOtherTree = flags.taxonomy !== undefined;
  if (isOtherTree && flags.stored) {
    throw new UsageError(
      '--stored and --taxonomy do not go together: the stored examples are labelled for the tree of the configuration.',
    );
  }
  if (!flags.stored) {
    const leftOut = isOtherTree ? null : await countLeftOut(config);
    if (leftOut !== null && leftOut > 0) {
      const them = leftOut === 1 ? 'it' : 'them';
      writeNote(
        io,
        `Left out ${count(leftOut, 'stored example')} (imports and corrections); --stored takes ${them} in.`,
      );
    }
    return { workspace, stored: null, facts: { leftOut } };
  }
  const { found, server } = await readStoredExamples({ io, config }, async (reader) => {
    const examples: Example[] = [];
    for await (const { example, source } of reader.list({ state: 'active' })) {
      if (source !== 'file') examples.push(example);
    }
    return { found: examples, server: reader.server };
  });
  const { workspace: merged, used, withoutIntent } = withStoredExamples(workspace, found);
  writeNote(
    io,
    `With ${count(used.length, 'stored example')} (imports and corrections)${server === null ? '' : ` of ${server}`}.`,
  );
  if (withoutIntent > 0) {
    const name = withoutIntent === 1 ? 'names an intent' : 'name intents';
    writeNote(io, `Left out ${count(withoutIntent, 'stored example')} that ${name} the taxonomy does not have.`);
  }
  return { workspace: merged, stored: used, facts: { used: used.length } };
}

/** The number of imports and corrections where it can be had without opening a store; null where it cannot. */
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
    return sumOf(await within(readExamples({ databaseUrl, dataDir }, (examples) => examples.countBySource())));
  } catch {
    return null; // only a hint: the command itself needs neither
  }
}

const sumOf = (counts: Readonly<Record<ExampleSource, number>> | null): number | null =>
  counts === null ? null : counts.import + counts.feedback;

async function within<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {}); // it may fail after nobody waits any more
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), COUNT_WITHIN_MS);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
