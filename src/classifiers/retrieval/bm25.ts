import { hashWord, tokenise } from '../local/text-features.ts';
import { topDocuments } from './top-documents.ts';

type Postings = { readonly documents: number[]; readonly counts: number[] };

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
  #lengths: number[] = [];
  /** By document, what its length does to the weight of its words; null after a change. */
  #norms: Float64Array | null = null;
  #totalLength = 0;
  /** Reused by each search. */
  #scores = new Float64Array(0);

  /** Adds a document, or replaces the one with the same number. */
  put(document: number, text: string): void {
    this.remove(document);
    const counts = countWords(text);
    let length = 0;
    for (const [word, count] of counts) {
      length += count;
      const postings = this.#postings.get(word);
      if (postings === undefined) this.#postings.set(word, { documents: [document], counts: [count] });
      else {
        postings.documents.push(document);
        postings.counts.push(count);
      }
    }
    this.#words.set(document, [...counts.keys()]);
    this.#lengths[document] = length;
    this.#totalLength += length;
    this.#norms = null;
  }

  remove(document: number): void {
    const words = this.#words.get(document);
    if (words === undefined) return;
    for (const word of words) {
      const postings = this.#postings.get(word)!;
      const place = postings.documents.indexOf(document);
      postings.documents.splice(place, 1);
      postings.counts.splice(place, 1);
      if (postings.documents.length === 0) this.#postings.delete(word);
    }
    this.#totalLength -= this.#lengths[document]!;
    this.#norms = null;
    this.#words.delete(document);
  }

  /** The comparison is read before the next call of this object. */
  search(query: string): WordComparison {
    if (this.#scores.length < this.#lengths.length) this.#scores = new Float64Array(2 * this.#lengths.length);
    const scores = this.#scores;
    const size = this.#lengths.length;
    scores.fill(0, 0, size);
    const count = this.#words.size;
    this.#norms ??= this.#computeNorms();
    const norms = this.#norms;
    const rarity = (frequency: number) => Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
    const found = [...countWords(query).keys()]
      .map((word) => this.#postings.get(word))
      .sort((a, b) => (a?.documents.length ?? 0) - (b?.documents.length ?? 0))
      .slice(0, MAX_QUERY_WORDS);
    let best = 0;
    for (const postings of found) {
      const weight = rarity(postings?.documents.length ?? 0);
      best += weight * (K1 + 1);
      if (postings !== undefined) addWeights(scores, { postings, weight, norms });
    }
    const scoreOf = (document: number) => Math.min(1, (scores[document] ?? 0) / best) || 0;
    return { top: (count) => topDocuments({ scores, size, count, scoreOf }), scoreOf };
  }

  #computeNorms(): Float64Array {
    const meanLength = this.#totalLength / Math.max(1, this.#words.size);
    return Float64Array.from(this.#lengths, (length) => K1 * (1 - B + (B * length) / meanLength));
  }
}

function addWeights(
  scores: Float64Array,
  { postings, weight, norms }: { postings: Postings; weight: number; norms: Float64Array },
): void {
  const { documents, counts } = postings;
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i]!;
    const times = counts[i]!;
    scores[document]! += (weight * times * (K1 + 1)) / (times + norms[document]!);
  }
}

function countWords(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { word } of tokenise(text)) {
    const hash = hashWord(word);
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
  }
  return counts;
}
