import { Bm25 } from './bm25.ts';
import { reciprocalRankFusion } from './reciprocal-rank-fusion.ts';
import { type Candidate, selectExamples } from './select-examples.ts';

export type ScannedExample = {
  readonly id: string;
  readonly intent: string;
  readonly text: string;
  readonly normalisedText: string;
  /** Unit vector; null when the engine has no encoder. */
  readonly embedding: Float32Array | null;
};

export type ScanQuery = {
  readonly text: string;
  /** Unit vector, as long as those of the examples. */
  readonly embedding: Float32Array | null;
  readonly k: number;
  readonly perIntent: number;
  readonly minSimilarity: number;
  readonly excludeIds: ReadonlySet<string>;
};

/** A ranking is cut here before it is fused: what stands lower in both lists is no near example. */
const RANKING_DEPTH = 200;

/** Finds the nearest examples by comparing with each of them: exact, without a build, quick to 20,000 examples. */
export class ExactScan {
  readonly #examples = new Map<number, ScannedExample>();
  readonly #handles = new Map<string, number>();
  readonly #lexical = new Bm25();
  #nextHandle = 0;

  get size(): number {
    return this.#examples.size;
  }

  /** Adds, or replaces by id. */
  add(example: ScannedExample): void {
    this.remove(example.id);
    const handle = this.#nextHandle++;
    this.#examples.set(handle, example);
    this.#handles.set(example.id, handle);
    this.#lexical.add(handle, example.text);
  }

  remove(id: string): void {
    const handle = this.#handles.get(id);
    if (handle === undefined) return;
    this.#examples.delete(handle);
    this.#handles.delete(id);
    this.#lexical.remove(handle);
  }

  /** Best first. The similarity is the cosine of the embeddings, or the share of common words without an encoder. */
  search(query: ScanQuery): Candidate[] {
    const lexical = this.#lexical.search(query.text);
    const cosines = this.#cosines(query.embedding);
    const rankings = [ranked(lexical), ranked(cosines)].filter((ranking) => ranking.length > 0);
    const fused = ranked(reciprocalRankFusion(rankings));
    const similarities = cosines.size > 0 ? cosines : lexical;
    return selectExamples(this.#candidates(fused, similarities), query);
  }

  *#candidates(handles: readonly number[], similarities: ReadonlyMap<number, number>): Iterable<Candidate> {
    for (const handle of handles) {
      const example = this.#examples.get(handle);
      if (example === undefined) continue;
      const similarity = Math.max(0, Math.min(1, similarities.get(handle) ?? 0));
      yield { id: example.id, intent: example.intent, similarity, normalisedText: example.normalisedText };
    }
  }

  #cosines(query: Float32Array | null): Map<number, number> {
    const cosines = new Map<number, number>();
    if (query === null) return cosines;
    for (const [handle, { embedding }] of this.#examples) {
      if (embedding !== null) cosines.set(handle, dot(query, embedding));
    }
    return cosines;
  }
}

function ranked(scores: ReadonlyMap<number, number>): number[] {
  return [...scores]
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, RANKING_DEPTH)
    .map(([document]) => document);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
