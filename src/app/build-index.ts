import type { OnProgress } from '../base/progress.ts';
import type { LocalClassifier } from '../classifiers/local/create-local-classifier.ts';
import type { ModelUse } from '../classifiers/model-api/model-account.ts';
import { createEmbedder } from '../classifiers/retrieval/create-embedder.ts';
import type { Example, ExampleIndex } from '../classifiers/retrieval/example-index.ts';
import { openExampleIndex } from '../classifiers/retrieval/open-example-index.ts';
import type { LoadedConfig } from '../config/config-schema.ts';
import type { Store } from '../store/store.ts';
import { resolveLeaf } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';

export type BuiltIndex = {
  readonly index: ExampleIndex;
  /** Adds examples, or replaces those of the same id. Called after the embedded engine and the store have them. */
  upsert(examples: readonly LabelledTicket[]): Promise<void>;
  /** Removes examples by id. Called after the embedded engine and the store have removed them. */
  remove(ids: readonly string[]): Promise<void>;
};

/**
 * The index that finds examples for Claude: by SQL when the store is a PostgreSQL, otherwise by comparing all examples.
 * Throws ConfigurationError when the key or the package of the embedder is missing.
 */
export async function buildIndex(options: {
  config: LoadedConfig;
  taxonomy: Taxonomy;
  examples: readonly Example[];
  local: LocalClassifier;
  /** Contains the examples already; null when nothing is stored. */
  store?: Store | null;
  modelUse: ModelUse;
  onProgress?: OnProgress;
  /** Called when the embedder failed; until it works again, examples are found by their words. */
  onError?: (error: unknown) => void;
}): Promise<BuiltIndex> {
  const { config, taxonomy, examples, local, store = null, onProgress } = options;
  const { settings, secrets } = config;
  const presentIntent = (intent: string) => resolveLeaf(taxonomy, intent);
  const isExample = (ticket: LabelledTicket): ticket is Example =>
    ticket.intent !== null && presentIntent(ticket.intent) !== null;
  const onError =
    options.onError ??
    (() => onProgress?.({ step: 'the embedder failed: finding examples by their words', done: 0, total: null }));
  const common = {
    settings: settings.retrieval.embedder,
    voyageApiKey: secrets.voyageApiKey,
    redaction: settings.redaction,
    modelUse: options.modelUse,
    prices: settings.claude.prices,
    onError,
    ...(onProgress === undefined ? {} : { onProgress }),
  };
  if (store === null || store.kind === 'embedded') {
    const index = await openExampleIndex({ ...common, local, examples, dataDir: settings.dataDir });
    // The engine's own index has them already.
    const upsert = async (more: readonly LabelledTicket[]) =>
      index === local.index ? undefined : index.upsert(more.filter(isExample));
    const remove = async (ids: readonly string[]) => (index === local.index ? undefined : index.remove(ids));
    return { index, upsert, remove };
  }
  const { openSqlExampleIndex } = await import('../store/example-index/open-sql-example-index.ts');
  const embedder = await createEmbedder({ ...common, embedded: local.embedder });
  const index = await openSqlExampleIndex({ ...common, store, embedder, presentIntent });
  // The store may have newer content by now, so each example is read from it again and not taken from the caller.
  return { index, upsert: (more) => index.refresh(more.map(({ id }) => id)), remove: (ids) => index.refresh(ids) };
}
