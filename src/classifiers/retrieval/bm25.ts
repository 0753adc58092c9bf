import { hashWord, tokenise } from '../local/text-features.ts';
import { type DocumentList, DocumentTable } from './document-table.ts';

/** The documents with a word, by how often they have it: mostly once. */
type Postings = Map<number, DocumentList>;

// The usual constants, from Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework".
const K1 = 1.2;
const B = 0.75;
/** A longer query is cut to this many of its rarest words: further ones do not change the ranking. */
const MAX_QUERY_WORDS = 200;

/** What one query has in common with the documents, until the next query or change. */
export type WordComparison = {
  /** The `count` documents with the highest scores above 0, best first; of equal ones the lower number comes first. */
  top(count: number): number[];
  /** From 0 to 1: the part of the query's weight that the document matches. */
  scoreOf(document: number): number;
};

/**
 * Ranks documents, which have small whole numbers, by the words that they share with a query (BM25). Stores no words.
 */
export class Bm25 {
  readonly #postings = new Map<number, Postings>();
  readonly #words = new Map<number, readonly number[]>();
  /** Its kinds are lengths of documents, by their places in `#lengths`. There are 8,000 at most, as `tokenise` cuts texts. */
  readonly #table = new DocumentTable();
  readonly #lengths: number[] = [];
  readonly #kindByLength = new Map<number, number>();
  /** By kind, what the length does to the weight of a document's words; null after a change. */
  #norms: Float64Array | null = null;
  #totalLength = 0;

  /** Adds a document, or replaces the one with the same number. */
  put(document: number, text: string): void {
    this.remove(document);
    const counts = countWords(text);
    let length = 0;
    for (const [word, count] of counts) {
      length += count;
      this.#table.addTo(this.#listOf(word, count), document);
    }
    this.#words.set(document, [...counts.keys()]);
    this.#table.setKind(document, this.#kindOf(length));
    this.#totalLength += length;
    this.#norms = null;
  }

  remove(document: number): void {
    const words = this.#words.get(document);
    if (words === undefined) return;
    for (const word of words) {
      const postings = this.#postings.get(word)!;
      const [times, list] = [...postings].find(([, each]) => this.#table.removeFrom(each, document))!;
      if (list.count > 0) continue;
      this.#table.free(list);
      postings.delete(times);
      if (postings.size === 0) this.#postings.delete(word);
    }
    this.#totalLength -= this.#lengths[this.#table.kindOf(document)]!;
    this.#norms = null;
    this.#words.delete(document);
  }

  /** The comparison is read before the next call of this object. */
  search(query: string): WordComparison {
    const table = this.#table;
    table.clear();
    const count = this.#words.size;
    const rarity = (frequency: number) => Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
    const found = [...countWords(query).keys()]
      .map((word) => this.#postings.get(word))
      .sort((a, b) => frequencyOf(a) - frequencyOf(b))
      .slice(0, MAX_QUERY_WORDS);
    let best = 0;
    for (const postings of found) {
      const weight = rarity(frequencyOf(postings));
      best += weight * (K1 + 1);
      if (postings !== undefined) this.#addWeights(postings, weight);
    }
    const rankOf = (score: number) => Math.min(1, score / best) || 0;
    return { top: (count) => table.top(count, rankOf), scoreOf: (document) => rankOf(table.scoreOf(document)) };
  }

  #addWeights(postings: Postings, weight: number): void {
    this.#norms ??= this.#computeNorms();
    for (const [times, list] of postings) {
      const weightOf = (norm: number) => (weight * times * (K1 + 1)) / (times + norm);
      this.#table.addByKind(list, { byKind: this.#norms, weightOf });
    }
  }

  #listOf(word: number, times: number): DocumentList {
    const postings = this.#postings.get(word) ?? new Map<number, DocumentList>();
    const list = postings.get(times) ?? this.#table.createList();
    this.#postings.set(word, postings);
    postings.set(times, list);
    return list;
  }

  #kindOf(length: number): number {
    let kind = this.#kindByLength.get(length);
    if (kind === undefined) {
      kind = this.#lengths.push(length) - 1;
      this.#kindByLength.set(length, kind);
    }
    return kind;
  }

  #computeNorms(): Float64Array {
    const meanLength = this.#totalLength / Math.max(1, this.#words.size);
    return Float64Array.from(this.#lengths, (length) => K1 * (1 - B + (B * length) / meanLength));
  }
}

function frequencyOf(postings: Postings | undefined): number {
  let count = 0;
  if (postings !== undefined) for (const list of postings.values()) count += list.count;
  return count;
}

function countWords(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { word } of tokenise(text)) {
    const hash = hashWord(word);
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
  }
  return counts;
}
