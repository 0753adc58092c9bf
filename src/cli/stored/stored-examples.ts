import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import type { Correction, ExampleChanges, ExampleFilter, StoredExample } from '../../store/store.ts';
import type { CliIo } from '../io.ts';

/** A filter as users write it on the command line and in requests. */
export type NamedFilter = Omit<ExampleFilter, 'intent'> & {
  /** An intent, which includes the intents below it, by its id of today or a former one. */
  readonly intent?: string;
};

/** Reads the examples of the store, through a server or directly. */
export type ExampleReader = {
  /** URL of the server that has the store open; null when the command opened the store itself. */
  readonly server: string | null;
  /** Sorted by id. */
  list(filter: NamedFilter): AsyncIterable<StoredExample>;
  /** The corrections of tickets with these words; null where the server alone can look them up. */
  correctionsOf: ((wordsHash: string) => Promise<readonly Correction[]>) | null;
};

export type ExampleEditor = {
  readonly server: string | null;
  /** Throws InputError, whose issues name examples by their index: `[3].id`. */
  import(examples: readonly Example[]): Promise<ExampleChanges>;
  /** Removes imports and corrections. Throws NotFoundError, InputError. */
  remove(ids: readonly string[]): Promise<void>;
  /** Approves examples that wait for a review, one after another. Throws NotFoundError, ConflictError. */
  approve(ids: readonly string[]): Promise<void>;
};

export type StoreOptions = { readonly io: CliIo; readonly config: LoadedConfig };

/** Reads through the server that has the embedded store open; without one, directly from PostgreSQL or that store. */
export async function readStoredExamples<T>(
  options: StoreOptions,
  work: (reader: ExampleReader) => Promise<T>,
): Promise<T> {
  const server = await createServerClient(options.config);
  if (server !== null) return work(server);
  return (await import('./store-examples.ts')).readStore(options, work);
}

/** The same for changes. Running engines learn and forget them. */
export async function changeStoredExamples<T>(
  options: StoreOptions,
  work: (editor: ExampleEditor) => Promise<T>,
): Promise<T> {
  const server = await createServerClient(options.config);
  if (server !== null) return work(server);
  return (await import('./store-examples.ts')).changeStore(options, work);
}

async function createServerClient(config: LoadedConfig) {
  const serverUrl = await findServer(config);
  if (serverUrl === null) return null;
  const { createServerExamples } = await import('./server-examples.ts');
  return createServerExamples({ serverUrl, token: config.secrets.token });
}

/** URL of the server that has the embedded store open; null without one, and on PostgreSQL, which needs none. */
export async function findServer({ secrets, settings }: LoadedConfig): Promise<string | null> {
  if (secrets.databaseUrl !== null) return null;
  const { findFolderOwner } = await import('../../store/folder-lock.ts');
  return (await findFolderOwner({ dataDir: settings.dataDir }))?.url ?? null;
}
