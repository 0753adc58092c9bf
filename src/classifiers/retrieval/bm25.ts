import { hashWords } from '../local/word-hashes.ts';
import { type DocumentList, DocumentTable } from './document-table.ts';

/** How many documents have a word, and which of them have it how often: mostly once. */
type Postings = { frequency: number; lists: readonly { readonly times: number; readonly list: DocumentList }[] };

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
  /** Whether the table knows what lengths count since the last change. */
  #isPrepared = false;
  #totalLength = 0;

  /** Adds a document, or replaces the one with the same number. */
  put(document: number, text: string): void {
    this.remove(document);
    const counts = countWords(text);
    let length = 0;
    for (const [word, count] of counts) {
      length += count;
      const postings = this.#postingsOf(word);
      this.#table.addTo(this.#listOf(postings, count), document);
      postings.frequency += 1;
    }
    this.#words.set(document, [...counts.keys()]);
    this.#table.setKind(document, this.#kindOf(length));
    this.#totalLength += length;
    this.#isPrepared = false;
  }

  remove(document: number): void {
    const words = this.#words.get(document);
    if (words === undefined) return;
    for (const word of words) {
      const postings = this.#postings.get(word)!;
      const place = postings.lists.findIndex(({ list }) => this.#table.removeFrom(list, document));
      const { list } = postings.lists[place]!;
      postings.frequency -= 1;
      if (list.count > 0) continue;
      this.#table.free(list);
      postings.lists = postings.lists.toSpliced(place, 1);
      if (postings.lists.length === 0) this.#postings.delete(word);
    }
    this.#totalLength -= this.#lengths[this.#table.kindOf(document)]!;
    this.#isPrepared = false;
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
      .sort((a, b) => (a?.frequency ?? 0) - (b?.frequency ?? 0));
    if (found.length > MAX_QUERY_WORDS) found.length = MAX_QUERY_WORDS;
    this.#prepareLengths();
    let best = 0;
    for (const postings of found) {
      const weight = rarity(postings?.frequency ?? 0);
      best += weight * (K1 + 1);
      for (const { times, list } of postings?.lists ?? []) {
        table.add(list, { weight: weight * times * (K1 + 1), plus: times });
      }
    }
    const rankOf = (score: number) => Math.min(1, score / best) || 0;
    return { top: (count) => table.top(count, rankOf), scoreOf: (document) => rankOf(table.scoreOf(document)) };
  }

  #postingsOf(word: number): Postings {
    let postings = this.#postings.get(word);
    if (postings === undefined) {
      postings = { frequency: 0, lists: [] };
      this.#postings.set(word, postings);
    }
    return postings;
  }

  #listOf(postings: Postings, times: number): DocumentList {
    const known = postings.lists.find((each) => each.times === times);
    if (known !== undefined) return known.list;
    const list = this.#table.createList();
    postings.lists = [...postings.lists, { times, list }]; // An array that grows has room for 17.
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

  /** Tells the table what the length does to the weight of a document's words. */
  #prepareLengths(): void {
    if (this.#isPrepared) return;
    const meanLength = this.#totalLength / Math.max(1, this.#words.size);
    this.#table.setDivisors(Float64Array.from(this.#lengths, (length) => K1 * (1 - B + (B * length) / meanLength)));
    this.#isPrepared = true;
  }
}

function countWords(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  for (const hash of hashWords(text)) {
    const word = hash | 0; // V8 keeps integers of 32 bits with a sign in place, and others as objects.
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
