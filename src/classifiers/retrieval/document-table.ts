import { type Block, KernelArena } from './kernel-arena.ts';
import { Ranking } from './ranking.ts';
import { selectionBytes, VALUES_MULTIPLE, ValueSelection } from './value-selection.ts';
import { createWordKernel, type WordKernel } from './word-kernel.ts';

/** Relative slack for rounding: what differs less than this may have the same score. */
const SLACK = 1e-12;

const FIRST_CAPACITY = 256;
const INTEGER_BYTES = Int32Array.BYTES_PER_ELEMENT;
const SHORT_BYTES = Int16Array.BYTES_PER_ELEMENT;
const FLOAT_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Documents, in any order, in the memory of a table. */
export type DocumentList = { block: Block; count: number };

/**
 * For each document, which have small whole numbers, its kind and its score for the present query, and lists of documents. In
 * the memory of a kernel, where adding to the scores of a list takes half the time that it does in TypeScript.
 */
export class DocumentTable {
  readonly #arena = new KernelArena();
  readonly #kernel: WordKernel = createWordKernel(this.#arena.memory);
  #capacity = 0;
  #size = 0;
  #kinds = this.#arena.allocate(0);
  #scores = this.#arena.allocate(0);
  #divisors = this.#arena.allocate(0);
  #weights = this.#arena.allocate(0);
  #kindCount = 0;
  readonly #ranking = new Ranking();
  #selectionBlock = this.#arena.allocate(0);
  #selection: ValueSelection | null = null;

  /** Kinds are whole numbers from 0 to 32,767. */
  setKind(document: number, kind: number): void {
    if (document >= this.#capacity) this.#grow(Math.max(FIRST_CAPACITY, 2 * document));
    this.#size = Math.max(this.#size, document + 1);
    this.#arena.shorts[this.#kinds.address / SHORT_BYTES + document] = kind;
  }

  kindOf(document: number): number {
    return this.#arena.shorts[this.#kinds.address / SHORT_BYTES + document]!;
  }

  createList(): DocumentList {
    return { block: this.#arena.allocate(0), count: 0 };
  }

  addTo(list: DocumentList, document: number): void {
    if ((list.count + 1) * INTEGER_BYTES > list.block.bytes) {
      list.block = this.#arena.resize(list.block, 2 * list.block.bytes);
    }
    this.#arena.ints[list.block.address / INTEGER_BYTES + list.count] = document;
    list.count += 1;
  }

  /** Returns whether the document was in the list. */
  removeFrom(list: DocumentList, document: number): boolean {
    const documents = this.#documentsOf(list);
    const place = documents.indexOf(document);
    if (place < 0) return false;
    documents[place] = documents.at(-1)!;
    list.count -= 1;
    return true;
  }

  #documentsOf({ block, count }: DocumentList): Int32Array {
    const first = block.address / INTEGER_BYTES;
    return this.#arena.ints.subarray(first, first + count);
  }

  free({ block }: DocumentList): void {
    this.#arena.free(block);
  }

  /** Sets all scores to 0. */
  clear(): void {
    const first = this.#scores.address / FLOAT_BYTES;
    this.#arena.doubles.fill(0, first, first + this.#size);
  }

  /** Sets by kind the number that `add` divides weights by, until another kind is set. */
  setDivisors(byKind: Float64Array): void {
    // Whole vectors.
    const bytes = Math.ceil(byKind.length / 2) * 2 * FLOAT_BYTES;
    this.#divisors = this.#arena.atLeast(this.#divisors, bytes);
    this.#weights = this.#arena.atLeast(this.#weights, bytes);
    this.#arena.doubles.set(byKind, this.#divisors.address / FLOAT_BYTES);
    this.#kindCount = byKind.length;
  }

  /** Adds to the score of each document in a list: weight / (plus + the divisor of its kind). */
  add({ block, count }: DocumentList, { weight, plus }: { weight: number; plus: number }): void {
    if (count === 0) return;
    const list = block.address;
    const end = list + count * INTEGER_BYTES;
    const kinds = this.#kinds.address;
    const divisors = this.#divisors.address;
    const scores = this.#scores.address;
    if (count < this.#kindCount) {
      this.#kernel.addQuotients(list, end, kinds, divisors, scores, weight, plus);
      return;
    }
    // Once for each kind, as a division takes longer than all the rest.
    const weights = this.#weights.address;
    this.#kernel.weighKinds(divisors, divisors + this.#kindCount * FLOAT_BYTES, weight, plus, weights);
    this.#kernel.addByKind(list, end, kinds, weights, scores);
  }

  scoreOf(document: number): number {
    return this.#arena.doubles[this.#scores.address / FLOAT_BYTES + document]!;
  }

  /**
   * The `count` documents with the highest ranks above 0, best first; of equal ranks the lower number comes first. `rankOf`
   * computes the rank from the score, which rises with it, for the few that can be among the best.
   */
  top(count: number, rankOf: (score: number) => number): number[] {
    if (count <= 0 || this.#selection === null) return [];
    const selection = this.#selection;
    const all = { values: this.#scores.address, size: this.#size };
    const bound = selection.boundOfHighest({ ...all, n: count }) * (1 - SLACK);
    // Where fewer documents have a score, the bound is 0, which all reach.
    const rank = (document: number) => rankOf(this.scoreOf(document));
    const likely = selection.from({ ...all, least: Math.max(bound, Number.MIN_VALUE) });
    const ranking = this.#ranking;
    ranking.clear();
    for (let i = 0; i < likely.length; i++) ranking.add(likely[i]!, rank(likely[i]!));
    return ranking.best(count, rank);
  }

  #grow(capacity: number): void {
    this.#capacity = capacity;
    this.#kinds = this.#arena.resize(this.#kinds, capacity * SHORT_BYTES);
    this.#scores = this.#arena.resize(this.#scores, (capacity + VALUES_MULTIPLE) * FLOAT_BYTES);
    this.#selectionBlock = this.#arena.resize(this.#selectionBlock, selectionBytes('f64', capacity));
    const { memory } = this.#arena;
    const start = this.#selectionBlock.address;
    this.#selection = new ValueSelection({ kernel: this.#kernel, memory, format: 'f64', start, capacity });
  }
}
