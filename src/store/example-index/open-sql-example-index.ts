import { z } from 'zod';
import { raceSignal } from '../../base/deadline.ts';
import { inArray, sql } from '../../base/drizzle.ts';
import type { OnProgress } from '../../base/progress.ts';
import { embedQueryOrNull } from '../../classifiers/retrieval/embed-query.ts';
import type { Embedder } from '../../classifiers/retrieval/embedder.ts';
import type {
  Example,
  ExampleIndex,
  ExampleSearch,
  FoundExample,
  FoundExamples,
} from '../../classifiers/retrieval/example-index.ts';
import { reciprocalRankFusion } from '../../classifiers/retrieval/reciprocal-rank-fusion.ts';
import { type Candidate, mayShareWords, selectExamples } from '../../classifiers/retrieval/select-examples.ts';
import { detectLanguage } from '../../ticket/detect-language.ts';
import { normaliseText } from '../../ticket/normalise-text.ts';
import type { Executor } from '../database.ts';
import { examples } from '../schema.ts';
import type { Store } from '../store.ts';
import { ensureHnswIndex, withEmbeddingLock } from './hnsw.ts';
import { rankByVector } from './rank-by-vector.ts';
import { rankByWords, readWordStatistics } from './rank-by-words.ts';
import type { RankedExample } from './ranked-example.ts';
import { syncTexts } from './sync-texts.ts';
import { registerEmbedder, syncVectors } from './sync-vectors.ts';

export type SqlExampleIndexOptions = {
  readonly store: Pick<Store, 'connection' | 'transaction' | 'examples'>;
  /** Null to search by words alone. */
  readonly embedder: Embedder | null;
  /**
   * Returns the current id of the intent of a stored example; null when there is no such intent any more, and the
   * example is then not found. When left out, intents are used as stored.
   */
  readonly presentIntent?: (intent: string) => string | null;
  readonly onProgress?: OnProgress;
  /** Called when texts could not be embedded now; these can still be found by their words. */
  readonly onError?: (error: unknown) => void;
};

export type SqlExampleIndex = ExampleIndex & {
  /** Reads these examples again from the store, where they were changed; does not write them back. */
  refresh(ids: readonly string[]): Promise<void>;
};

/** Rankings are cut to this length before they are fused, as in the exact scan. */
const RANKING_DEPTH = 100;
const MAX_RANKING_DEPTH = 1_000;
/** After this many changes the frequencies of words are counted again. */
const RECOUNT_AFTER_CHANGES = 500;

/**
 * The examples of the store, searched by SQL: HNSW of pgvector for the vectors of one embedder and full text for the
 * words, fused by rank. Brings words and vectors up to date first; what a crash or an outage left undone is done when
 * it is opened next. Vectors of other embedders stay in the table and are ignored. Throws StoreUnavailableError and
 * permanent errors of the embedder (a refused key); calls `onError` with errors that may pass.
 */
export async function openSqlExampleIndex(options: SqlExampleIndexOptions): Promise<SqlExampleIndex> {
  const { store, embedder, presentIntent = (intent: string) => intent, onProgress, onError } = options;
  const embedderId = embedder === null ? null : await registerEmbedder({ store, embedder });

  const syncAll = async () => {
    await syncTexts({ store });
    if (embedder === null || embedderId === null) return;
    await syncVectors({ store, embedder, embedderId, ...(onProgress === undefined ? {} : { onProgress }) });
    await ensureHnswIndex({ store, embedderId, dimensions: embedder.dimensions });
  };
  try {
    await withEmbeddingLock({
      store,
      onWait: () =>
        onProgress?.({ step: 'waiting for another process that embeds the examples', done: 0, total: null }),
      work: syncAll,
    });
  } catch (error) {
    if (!mayPass(error) || onError === undefined) throw error;
    onError(error);
  }

  const readState = () =>
    store.transaction(async ({ executor }) => ({
      version: await readVersion(executor),
      statistics: await readWordStatistics(executor),
    }));
  let { version, statistics } = await readState();
  let changes = 0;
  const changed = async (count: number) => {
    changes += count;
    // A small index changes much with a few examples.
    if (changes > Math.min(RECOUNT_AFTER_CHANGES, statistics.exampleCount / 20)) {
      ({ version, statistics } = await readState());
      changes = 0;
    } else {
      version = await store.transaction(({ executor }) => readVersion(executor));
    }
  };

  const rank = async (executor: Executor, search: ExampleSearch, query: Float32Array | null) => {
    const depth = Math.min(MAX_RANKING_DEPTH, RANKING_DEPTH + (search.excludeIds?.size ?? 0));
    const vectors = query === null || embedderId === null ? null : { query, embedderId };
    const words = { executor, text: search.text, statistics, depth, vectors };
    const byWords = await rankByWords(words);
    return [byWords, vectors === null ? [] : await rankByVector({ executor, ...vectors, depth })];
  };

  /** Where an example has no cosine, its words are compared, if they can be of the same language. */
  function* candidatesOf(ranked: readonly RankedExample[], language: string | null): Iterable<Candidate> {
    for (const { id, words, cosine, lexical, ...example } of ranked) {
      const intent = presentIntent(example.intent);
      if (intent === null) continue;
      const text = words.join(' ');
      const hasVector = cosine !== 0;
      if (!hasVector && !mayShareWords(language, example.language ?? detectLanguage(text))) continue;
      const similarity = Math.max(0, Math.min(1, hasVector ? cosine : lexical));
      yield { id, intent, similarity, by: hasVector ? 'meaning' : 'words', normalisedText: normaliseText(text) };
    }
  }

  const find = async (search: ExampleSearch): Promise<FoundExamples> => {
    const { language = detectLanguage(search.text), excludeIds = new Set() } = search;
    const query = await embedQueryOrNull({ embedder, search, onError });
    return store.transaction(async ({ executor }) => {
      const candidates = candidatesOf(fuse(await rank(executor, search, query)), language);
      const { found, neighbours } = selectExamples(candidates, { ...search, excludeIds });
      return { found: await readExamples(executor, found), neighbours, byMeaning: query !== null };
    });
  };

  const refresh = async (ids: readonly string[]) => {
    if (ids.length === 0) return;
    await syncTexts({ store, ids });
    await changed(ids.length);
    if (embedder !== null && embedderId !== null) await syncVectors({ store, embedder, embedderId, ids });
  };

  return {
    get version() {
      return version;
    },
    search: ({ signal, ...search }) => {
      const work = find(signal === undefined ? search : { ...search, signal });
      return signal === undefined ? work : raceSignal({ work, signal });
    },
    refresh,
    async upsert(added) {
      if (added.length === 0) return;
      await storeExamples(store, added);
      await refresh([...new Set(added.map(({ id }) => id))]);
    },
    async remove(ids) {
      if (ids.length === 0) return;
      await store.transaction((transaction) => transaction.examples.remove(ids));
      await refresh(ids);
    },
    close: async () => embedder?.close?.(),
  };
}

const mayPass = (error: unknown) => error instanceof Error && 'retryable' in error && error.retryable === true;

/** Joins the rankings into one, best first; examples that were found by words alone keep the score of the words. */
function fuse(rankings: readonly (readonly RankedExample[])[]): RankedExample[] {
  const all = [
    ...new Map(rankings.toReversed().flatMap((ranking) => ranking.map((found) => [found.id, found]))).values(),
  ];
  const numbers = new Map(all.map(({ id }, number) => [id, number]));
  const scores = reciprocalRankFusion(rankings.map((ranking) => ranking.map(({ id }) => numbers.get(id)!)));
  const order = [...scores].sort(([a, x], [b, y]) => y - x || (all[a]!.id < all[b]!.id ? -1 : 1));
  return order.map(([number]) => all[number]!);
}

/** Examples that are stored already keep their source. */
async function storeExamples(store: Pick<Store, 'transaction'>, added: readonly Example[]): Promise<void> {
  await store.transaction(async ({ examples: stored }) => {
    const sources = new Map((await stored.find(added.map(({ id }) => id))).map((row) => [row.example.id, row.source]));
    await stored.upsert(added.map((example) => ({ example, source: sources.get(example.id) ?? ('import' as const) })));
  });
}

async function readExamples(executor: Executor, chosen: readonly Candidate[]): Promise<FoundExample[]> {
  if (chosen.length === 0) return [];
  const rows = await executor
    .select({ id: examples.id, example: examples.example })
    .from(examples)
    .where(
      inArray(
        examples.id,
        chosen.map(({ id }) => id),
      ),
    );
  const byId = new Map(rows.map(({ id, example }) => [id, example]));
  return chosen.flatMap(({ id, intent, similarity }) => {
    const example = byId.get(id);
    return example === undefined ? [] : [{ example: { ...example, intent }, similarity }];
  });
}

/** Depends on the content alone, not on the order of changes: adding and removing an example leaves it the same. */
async function readVersion(executor: Executor): Promise<string> {
  const result = await executor.execute(sql`
    select coalesce(sum(texts), 0)::text || '-' || coalesce(to_hex(bit_xor(hash)), '0') as version
    from switchboard.example_text_changes`);
  return z.object({ version: z.string() }).parse(result.rows[0]).version;
}
