import { hashWord, tokenise } from '../local/text-features.ts';

type Posting = { readonly document: number; readonly count: number };

// Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework": usual constants.
const K1 = 1.2;
const B = 0.75;

/** Ranks documents by the words they share with a query (BM25). Holds hashes of words, not the words. */
export class Bm25 {
  readonly #postings = new Map<number, Posting[]>();
  readonly #words = new Map<number, ReadonlyMap<number, number>>();
  readonly #lengths = new Map<number, number>();
  #totalLength = 0;

  add(document: number, text: string): void {
    this.remove(document);
    const counts = countWords(text);
    let length = 0;
    for (const [word, count] of counts) {
      length += count;
      const postings = this.#postings.get(word);
      if (postings === undefined) this.#postings.set(word, [{ document, count }]);
      else postings.push({ document, count });
    }
    this.#words.set(document, counts);
    this.#lengths.set(document, length);
    this.#totalLength += length;
  }

  remove(document: number): void {
    const counts = this.#words.get(document);
    if (counts === undefined) return;
    for (const word of counts.keys()) {
      const left = this.#postings.get(word)?.filter((posting) => posting.document !== document) ?? [];
      if (left.length === 0) this.#postings.delete(word);
      else this.#postings.set(word, left);
    }
    this.#totalLength -= this.#lengths.get(document) ?? 0;
    this.#lengths.delete(document);
    this.#words.delete(document);
  }

  /** Score of each document that shares a word with the query: 0 to 1, the part of the query's weight that it holds. */
  search(query: string): Map<number, number> {
    const scores = new Map<number, number>();
    const documentCount = this.#lengths.size;
    const meanLength = this.#totalLength / Math.max(1, documentCount);
    let best = 0;
    for (const word of countWords(query).keys()) {
      const postings = this.#postings.get(word) ?? [];
      const rarity = Math.log(1 + (documentCount - postings.length + 0.5) / (postings.length + 0.5));
      best += rarity * (K1 + 1);
      for (const { document, count } of postings) {
        const length = this.#lengths.get(document) ?? 0;
        const weight = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / meanLength));
        scores.set(document, (scores.get(document) ?? 0) + rarity * weight);
      }
    }
    for (const [document, score] of scores) scores.set(document, Math.min(1, score / best));
    return scores;
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
