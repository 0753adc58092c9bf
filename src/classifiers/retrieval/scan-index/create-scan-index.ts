import { raceSignal } from '../../../base/deadline.ts';
import type { OnProgress } from '../../../base/progress.ts';
import { ticketTextsInTurns } from '../../../ticket/ticket-text.ts';
import { embedQueryOrNull } from '../embed-query.ts';
import type { Embedder } from '../embedder.ts';
import type { Example, ExampleIndex, ExampleSearch } from '../example-index.ts';
import { startScan } from './scan-client.ts';
import { hashText, openVectorFile, removeVectorFiles, type VectorFile } from './vector-file.ts';

export type ScanIndexOptions = {
  readonly examples: readonly Example[];
  readonly embedder: Embedder;
  /** Folder for the vectors; null embeds all examples at every start. */
  readonly cacheDir: string | null;
  readonly onProgress?: OnProgress;
  /** Called when texts could not be embedded; they can still be found by their words. */
  readonly onError?: (error: unknown) => void;
};

/** Number of examples in one message to the worker. */
const PUT_SIZE = 250;

/**
 * Creates an index that compares a query with every example, by the vectors of any embedder and by words. The
 * comparison runs in a worker thread and is meant for up to about 20,000 examples. Vectors are written to a file for
 * each embedder, batch by batch. Throws errors of the embedder that do not pass by themselves (a refused key, a missing
 * package), and calls `onError` with those that may pass; without `onError` it throws these too.
 */
export async function createScanIndex(options: ScanIndexOptions): Promise<ExampleIndex> {
  const { embedder, onProgress, onError } = options;
  const file =
    options.cacheDir === null ? keepInMemory() : await openVectorFile({ folder: options.cacheDir, embedder });
  const examples = new Map<string, Example>();
  const scan = startScan();
  let version = '';

  const upsert = async (added: readonly Example[], progress?: OnProgress) => {
    for (const example of added) examples.set(example.id, example);
    for (let start = 0; start < added.length; start += PUT_SIZE) {
      const batch = added.slice(start, start + PUT_SIZE);
      ({ version } = await scan.ask({ call: 'put', examples: batch }));
    }
    await embedExamples(added, progress);
  };

  const embedExamples = async (added: readonly Example[], progress?: OnProgress) => {
    const missing: { readonly example: Example; readonly text: string; readonly hash: string }[] = [];
    let embeddings: [string, Float32Array][] = [];
    const flush = async () => {
      if (embeddings.length > 0) await scan.ask({ call: 'setEmbeddings', embeddings });
      embeddings = [];
    };
    for (let start = 0; start < added.length; start += PUT_SIZE) {
      const batch = added.slice(start, start + PUT_SIZE);
      const texts = await ticketTextsInTurns(batch);
      for (const [at, example] of batch.entries()) {
        const text = texts[at]?.text ?? '';
        const hash = hashText(text);
        const vector = file.get(hash);
        if (vector === undefined) missing.push({ example, text, hash });
        else embeddings.push([example.id, vector]);
      }
      await flush();
    }
    for (let start = 0; start < missing.length; start += embedder.batchSize) {
      progress?.({ step: 'embedding the examples', done: start, total: missing.length });
      const batch = missing.slice(start, start + embedder.batchSize);
      const vectors = await embedder.embedDocuments(batch.map(({ text, example }) => ({ text, ticket: example })));
      const found = batch.flatMap((item, at) => {
        const vector = vectors[at] ?? null;
        // An example may have been removed or replaced meanwhile. A replaced one gets its vector by its own call.
        const isCurrent = examples.get(item.example.id) === item.example;
        return vector === null || !isCurrent ? [] : [{ ...item, vector }];
      });
      await file.append(new Map(found.map(({ hash, vector }) => [hash, vector])));
      embeddings = found.map(({ example, vector }) => [example.id, vector]);
      await flush();
    }
    if (missing.length > 0) progress?.({ step: 'embedding the examples', done: missing.length, total: missing.length });
  };

  const close = async () => {
    await scan.close();
    await embedder.close?.();
  };
  try {
    // Removes nothing; only the version is needed, which an empty index has too.
    ({ version } = await scan.ask({ call: 'remove', ids: [] }));
    await upsert([...new Map(options.examples.map((example) => [example.id, example])).values()], onProgress);
  } catch (error) {
    if (!mayPass(error) || onError === undefined) {
      await close();
      throw error;
    }
    onError(error);
  }

  return {
    get version() {
      return version;
    },
    upsert: (added) => upsert(added),
    async remove(ids) {
      for (const id of ids) examples.delete(id);
      ({ version } = await scan.ask({ call: 'remove', ids }));
    },
    async dropTraces() {
      const texts = await ticketTextsInTurns([...examples.values()]);
      await file.keepOnly(new Set(texts.map(({ text }) => hashText(text))));
      if (options.cacheDir !== null) {
        await removeVectorFiles({ folder: options.cacheDir, exceptEmbedder: embedder.id });
      }
    },
    async search(search: ExampleSearch) {
      const embedding = await embedQueryOrNull({ embedder, search, onError });
      const { signal, ticket: _, excludeIds = new Set(), ...rest } = search;
      const work = scan.ask({ call: 'search', search: { ...rest, embedding, excludeIds } });
      const { found, neighbours } = signal === undefined ? await work : await raceSignal({ work, signal });
      return {
        found: found.flatMap(({ id, similarity }) => {
          const example = examples.get(id);
          return example === undefined ? [] : [{ example, similarity }];
        }),
        neighbours,
        byMeaning: embedding !== null,
      };
    },
    close,
  };
}

const mayPass = (error: unknown) => error instanceof Error && 'retryable' in error && error.retryable === true;

function keepInMemory(): VectorFile {
  const vectors = new Map<string, Float32Array>();
  return {
    get: (hash) => vectors.get(hash),
    append: async (more) => {
      for (const [hash, vector] of more) vectors.set(hash, vector);
    },
    keepOnly: async (textHashes) => {
      for (const hash of vectors.keys()) if (!textHashes.has(hash)) vectors.delete(hash);
    },
  };
}
