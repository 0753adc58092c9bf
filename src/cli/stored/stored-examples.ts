import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import type { ExampleChanges, ExampleFilter, StoredExample } from '../../store/store.ts';
import type { CliIo } from '../io.ts';

/** What to list, in words that the command line and the server understand. */
export type NamedFilter = Omit<ExampleFilter, 'intent'> & {
  /** A leaf, or a parent that stands for all below it, by its own id or a former one. */
  readonly intent?: string;
};

/** The examples of the store, by whichever way they can be reached from here. */
export type ExampleReader = {
  /** The server that holds the store; null when the store itself was opened. */
  readonly server: string | null;
  /** In the order of ids. */
  list(filter: NamedFilter): AsyncIterable<StoredExample>;
};

export type ExampleEditor = {
  readonly server: string | null;
  /** Throws InputError whose issues name examples by their place: `[3].id`. */
  import(examples: readonly Example[]): Promise<ExampleChanges>;
  /** Imported and corrected ones. Throws NotFoundError, InputError. */
  remove(ids: readonly string[]): Promise<void>;
  /** Those that wait for a review, one after the other. Throws NotFoundError, ConflictError. */
  approve(ids: readonly string[]): Promise<void>;
};

export type StoreOptions = { readonly io: CliIo; readonly config: LoadedConfig };

/** Through the running server that holds the store; else straight from PostgreSQL or the embedded store. */
export async function readStoredExamples<T>(
  options: StoreOptions,
  work: (reader: ExampleReader) => Promise<T>,
): Promise<T> {
  const server = await createServerClient(options.config);
  if (server !== null) return work(server);
  return (await import('./store-examples.ts')).readStore(options, work);
}

/** The same for changes. Engines that run notice them. */
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

/** The server that holds the embedded store; null when nobody does, or PostgreSQL is shared. */
export async function findServer({ secrets, settings }: LoadedConfig): Promise<string | null> {
  if (secrets.databaseUrl !== null) return null;
  const { findFolderOwner } = await import('../../store/folder-lock.ts');
  return (await findFolderOwner({ dataDir: settings.dataDir }))?.url ?? null;
}
