// SentencePiece unigram tokenizer of Universal Sentence Encoder lite, in time linear in the text: the vocabulary is a
// trie of integers, and the best segmentation is extended one character at a time (Viterbi).
//
// It gives the same ids as `@energetic-ai/embeddings` 0.2.0, including its peculiarities, because the weights depend on
// the ids: a character without a piece is `unknown` and scores 0, a best score of exactly 0 counts as "not reached
// yet", and neighbouring unknowns become one token.

import type { VocabularyEntry } from './model-files.ts';

export type Tokenizer = {
  /** Returns the ids of all pieces of `text`; none for the empty string. */
  encode(text: string): number[];
  /** True for a token at the beginning of a word, before which a text may be cut without splitting a word. */
  beginsWord(id: number): boolean;
};

const UNKNOWN = 0;
// Lower ids are markers (<s>, </s>, …), which do not occur in a text.
const RESERVED_IDS = 6;
const WORD_MARK = '\u2581'; // ▁ stands for the space before a word

export function createTokenizer(vocabulary: readonly VocabularyEntry[]): Tokenizer {
  const scores = Float64Array.from(vocabulary, ([, score]) => score);
  const lengths = Uint8Array.from(vocabulary, ([piece]) => piece.length);
  const wordStarts = vocabulary.map(([piece]) => piece.startsWith(WORD_MARK));
  const trie = createTrie(vocabulary);

  function segment(symbols: Uint16Array): Int32Array {
    // best[i]: score of the best segmentation of the first i symbols; last[i]: the last piece of it.
    const best = new Float64Array(symbols.length + 1);
    const last = new Int32Array(symbols.length + 1);
    const offer = (end: number, score: number, id: number) => {
      if (best[end] !== 0 && score < best[end]!) return;
      best[end] = score;
      last[end] = id;
    };
    for (let start = 0; start < symbols.length; start += 1) {
      const before = best[start]!;
      let matched = false;
      let node = trie.root;
      for (let end = start; end < symbols.length; end += 1) {
        node = trie.step(node, symbols[end]!);
        if (node === trie.nowhere) break;
        const id = trie.piece(node);
        if (id === UNKNOWN) continue;
        matched = true;
        offer(end + 1, scores[id]! + before, id);
      }
      if (!matched) offer(start + 1, before, UNKNOWN);
    }
    return last;
  }

  return {
    encode(text) {
      const symbols = toSymbols(text);
      const last = segment(symbols);
      const ids: number[] = [];
      for (let end = symbols.length; end > 0; ) {
        const id = last[end]!;
        if (id !== UNKNOWN || ids.at(-1) !== UNKNOWN) ids.push(id);
        end -= lengths[id]!;
      }
      return ids.reverse();
    },
    beginsWord: (id) => wordStarts[id] ?? false,
  };
}

/**
 * Returns one number per character (code point): its UTF-16 unit, or 0 for characters beyond U+FFFF, which are in no
 * piece. U+0000 is in no piece either, so it may have the same number.
 */
function toSymbols(text: string): Uint16Array {
  const normalised = text.normalize('NFKC');
  if (normalised === '') return new Uint16Array(0);
  const marked = WORD_MARK + normalised.replaceAll(' ', WORD_MARK);
  const symbols = new Uint16Array(marked.length);
  let count = 0;
  for (let at = 0; at < marked.length; at += 1) {
    const unit = marked.charCodeAt(at);
    const isPair = (unit & 0xfc00) === 0xd800 && (marked.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
    symbols[count] = isPair ? 0 : unit;
    count += 1;
    if (isPair) at += 1;
  }
  return symbols.subarray(0, count);
}

type Trie = {
  readonly root: number;
  readonly nowhere: number;
  step(node: number, symbol: number): number;
  /** Id of the piece that ends at this node, or UNKNOWN. */
  piece(node: number): number;
};

/** Edges (node, symbol) → node in one open-addressed hash table, at most half full. */
function createTrie(vocabulary: readonly VocabularyEntry[]): Trie {
  const characters = vocabulary.reduce((sum, [piece]) => sum + piece.length, 0);
  const size = 2 ** Math.ceil(Math.log2(2 * characters));
  const mask = size - 1;
  const froms = new Int32Array(size).fill(-1);
  const symbols = new Uint16Array(size);
  const targets = new Int32Array(size);
  const pieces = new Int32Array(characters + 1);
  const nowhere = -1;
  let nodes = 1;

  const slotOf = (node: number, symbol: number): number => {
    let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b)) >>> 7;
    for (slot &= mask; froms[slot] !== -1; slot = (slot + 1) & mask) {
      if (froms[slot] === node && symbols[slot] === symbol) break;
    }
    return slot;
  };

  for (let id = RESERVED_IDS; id < vocabulary.length; id += 1) {
    const piece = vocabulary[id]![0];
    let node = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const symbol = piece.charCodeAt(at);
      const slot = slotOf(node, symbol);
      if (froms[slot] === -1) {
        froms[slot] = node;
        symbols[slot] = symbol;
        targets[slot] = nodes;
        nodes += 1;
      }
      node = targets[slot]!;
    }
    pieces[node] = id; // if a piece occurs twice, the later one counts
  }

  return {
    root: 0,
    nowhere,
    step(node, symbol) {
      const slot = slotOf(node, symbol);
      return froms[slot] === -1 ? nowhere : targets[slot]!;
    },
    piece: (node) => pieces[node]!,
  };
}
