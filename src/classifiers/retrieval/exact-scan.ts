import { Bm25, type WordComparison } from './bm25.ts';
import type { Neighbour } from './label-spread.ts';
import { RANKING_DEPTH, RankFusion } from './rank-fusion.ts';
import { type Candidate, mayShareWords, type SelectOptions, selectExamples } from './select-examples.ts';
import { type Comparison, QUERIES_A_SCAN, VectorScan } from './vector-scan.ts';

export type ScannedExample = {
  readonly id: string;
  readonly intent: string;
  readonly text: string;
  readonly normalisedText: string;
  /** Null where it is not clear. */
  readonly language: string | null;
};

export type ScanQuery = SelectOptions & {
  readonly text: string;
  /** Language of the text; null where it is not clear. */
  readonly language: string | null;
  /** Unit vector, with as many numbers as those of the examples; null without an embedding. */
  readonly embedding: Float32Array | null;
};

export type ScanResult = {
  /** Best first. The similarity is the cosine of the embeddings, or the BM25 score (0 to 1) without them. */
  readonly found: readonly Candidate[];
  /** Labels of the nearest examples, nearest first. */
  readonly neighbours: readonly Neighbour[];
  /** Highest cosine to any example; null without embeddings. */
  readonly highestCosine: number | null;
};

/** Finds the nearest examples by comparing a query with each of them. Exact, and fast for up to 20,000 examples. */
export class ExactScan {
  readonly #examples: (ScannedExample | undefined)[] = [];
  readonly #handles = new Map<string, number>();
  readonly #free: number[] = [];
  readonly #lexical = new Bm25();
  readonly #fusion = new RankFusion();
  #vectors: VectorScan | null = null;

  get size(): number {
    return this.#handles.size;
  }

  /** Adds an example, or replaces the one with the same id. */
  put(example: ScannedExample): void {
    this.remove(example.id);
    const handle = this.#free.pop() ?? this.#examples.length;
    this.#examples[handle] = example;
    this.#handles.set(example.id, handle);
    this.#lexical.put(handle, example.text);
  }

  /** Sets the embedding (a unit vector) of an example; without effect for an unknown id. */
  setEmbedding(id: string, embedding: Float32Array): void {
    const handle = this.#handles.get(id);
    if (handle === undefined) return;
    this.#vectors ??= new VectorScan(embedding.length);
    this.#vectors.put(handle, embedding);
  }

  hasEmbedding(id: string): boolean {
    const handle = this.#handles.get(id);
    return handle !== undefined && this.#vectors?.has(handle) === true;
  }

  remove(id: string): void {
    const handle = this.#handles.get(id);
    if (handle === undefined) return;
    this.#examples[handle] = undefined;
    this.#handles.delete(id);
    this.#free.push(handle);
    this.#lexical.remove(handle);
    this.#vectors?.remove(handle);
  }

  search(query: ScanQuery): ScanResult {
    return this.searchAll([query])[0]!;
  }

  /** Searches for several queries, which takes less time than one after the other. */
  searchAll(queries: readonly ScanQuery[]): ScanResult[] {
    const vectors = this.#vectors !== null && this.#vectors.size > 0 ? this.#vectors : null;
    const results: ScanResult[] = [];
    for (let start = 0; start < queries.length; start += QUERIES_A_SCAN) {
      const batch = queries.slice(start, start + QUERIES_A_SCAN);
      const embeddings = batch.map(({ embedding }) => embedding).filter((embedding) => embedding !== null);
      const comparisons = vectors?.compareAll(embeddings)[Symbol.iterator]();
      for (const query of batch) {
        const meaning = query.embedding === null ? null : (comparisons?.next().value ?? null);
        results.push(this.#search(query, meaning));
      }
    }
    return results;
  }

  #search(query: ScanQuery, meaning: Comparison | null): ScanResult {
    const words = this.#lexical.search(query.text);
    const byMeaning = meaning?.top(RANKING_DEPTH) ?? [];
    const handles = this.#fusion.fuse(words.top(RANKING_DEPTH), byMeaning);
    const candidates = this.#candidates({ handles, meaning, words, query });
    const [nearest] = byMeaning;
    const highestCosine = meaning === null ? null : nearest === undefined ? 0 : meaning.cosineOf(nearest);
    return { ...selectExamples(candidates, query), highestCosine };
  }

  /** Where an example has no cosine, its words are compared, if they can be of the same language. */
  *#candidates(options: {
    handles: readonly number[];
    meaning: Comparison | null;
    words: WordComparison;
    query: ScanQuery;
  }): Iterable<Candidate> {
    const { handles, meaning, words, query } = options;
    for (const handle of handles) {
      const example = this.#examples[handle];
      if (example === undefined) continue;
      const cosine = meaning?.cosineOf(handle) || null;
      if (cosine === null && !mayShareWords(query.language, example.language)) continue;
      const similarity = Math.max(0, Math.min(1, cosine ?? words.scoreOf(handle)));
      const { id, intent, normalisedText } = example;
      yield { id, intent, similarity, by: cosine === null ? 'words' : 'meaning', normalisedText };
    }
  }
}
