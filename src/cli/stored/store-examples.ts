import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { approveExample } from '../../pipeline/learn/approve.ts';
import { importExamples, removeExamples } from '../../pipeline/learn/change-examples.ts';
import { openStore } from '../../store/open-store.ts';
import { readExamples } from '../../store/read-examples.ts';
import type { ExampleFilter, ExampleStore, Store, StoredExample } from '../../store/store.ts';
import { intentScope } from '../../taxonomy/intent-scope.ts';
import { loadTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import { createProgress } from '../io.ts';
import { accountActor } from './account-actor.ts';
import { oneByOne } from './one-by-one.ts';
import type { ExampleEditor, ExampleReader, NamedFilter, StoreOptions } from './stored-examples.ts';

const PAGE = 500;

/** Reads the store without changing it. In a folder without a store, none is created: there are no examples. */
export async function readStore<T>(options: StoreOptions, work: (reader: ExampleReader) => Promise<T>): Promise<T> {
  const { secrets, settings } = options.config;
  if (secrets.databaseUrl === null && !existsSync(join(settings.dataDir, 'store'))) {
    return work({ server: null, async *list() {}, correctionsOf: async () => [] });
  }
  return readExamples({ databaseUrl: secrets.databaseUrl, dataDir: settings.dataDir }, ({ examples, corrections }) =>
    work({
      server: null,
      correctionsOf: (wordsHash) => corrections.ofWords([wordsHash]),
      async *list(filter) {
        yield* listPages(examples, await filterBy(filter, settings.taxonomy));
      },
    }),
  );
}

/** Opens the store for changes, and brings its tables up to date. */
export async function changeStore<T>(options: StoreOptions, work: (editor: ExampleEditor) => Promise<T>): Promise<T> {
  const { taxonomy: file, redaction } = options.config.settings;
  return withStore(options, (store) =>
    work({
      server: null,
      import: async (examples) =>
        importExamples({ store, taxonomy: await loadTaxonomy(file) }, { examples, actor: accountActor() }),
      remove: (ids) => removeExamples({ store }, { ids, actor: accountActor() }),
      approve: (ids) =>
        oneByOne(ids, {
          change: (id) => approveExample({ store, redaction }, { id, actor: accountActor() }),
          changed: 'Approved',
        }),
    }),
  );
}

async function withStore<T>({ io, config }: StoreOptions, work: (store: Store) => Promise<T>): Promise<T> {
  const { databaseUrl } = config.secrets;
  const { dataDir } = config.settings;
  const progress = createProgress(io);
  const store = await openStore({ databaseUrl, dataDir, onProgress: progress }).finally(progress.finish);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function filterBy({ intent, ...filter }: NamedFilter, taxonomyFile: string): Promise<ExampleFilter> {
  return intent === undefined ? filter : { ...filter, intent: intentScope(await loadTaxonomy(taxonomyFile), intent) };
}

async function* listPages(examples: Pick<ExampleStore, 'list'>, filter: ExampleFilter): AsyncIterable<StoredExample> {
  let cursor: string | null = null;
  do {
    const page = await examples.list({ filter, limit: PAGE, cursor });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
