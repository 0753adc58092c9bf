import { normaliseWord } from '../../ticket/normalise-word.ts';

/** One word of a text: its normalised form and its position in the original, in UTF-16 code units. */
export type Token = { readonly word: string; readonly start: number; readonly end: number };

/** Counts by hashed n-gram, in two blocks that are weighted and normalised separately. */
export type TextFeatures = { readonly words: Map<number, number>; readonly characters: Map<number, number> };

// Of longer texts the beginning and the end are kept: customers say there what they want, and quoted logs come between.
const MAX_TOKENS_AT_START = 6_000;
const MAX_TOKENS_AT_END = 2_000;
// A longer run of letters and digits is an access token, a key or base64: its beginning identifies it well enough.
export const MAX_TOKEN_LENGTH = 40;

// In scripts without spaces each character is one token, and bigrams take the place of words.
const TOKEN_PATTERN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*|[\p{Extended_Pictographic}?!€$£%]/gu;

/** Splits a text into words, at most 8,000 of them: of a longer text, words in the middle are dropped. */
export function tokenise(text: string): Token[] {
  const start: Token[] = [];
  // A ring of the last tokens, so that the end of a very long text is kept and its middle dropped.
  const end: Token[] = [];
  let seen = 0;
  for (const match of text.matchAll(TOKEN_PATTERN)) {
    const original = match[0].length > MAX_TOKEN_LENGTH ? match[0].slice(0, MAX_TOKEN_LENGTH) : match[0];
    const token = { word: normaliseWord(original), start: match.index, end: match.index + original.length };
    if (seen < MAX_TOKENS_AT_START) start.push(token);
    else end[(seen - MAX_TOKENS_AT_START) % MAX_TOKENS_AT_END] = token;
    seen++;
  }
  if (end.length < MAX_TOKENS_AT_END) return start.concat(end);
  const oldest = (seen - MAX_TOKENS_AT_START) % MAX_TOKENS_AT_END;
  return start.concat(end.slice(oldest), end.slice(0, oldest));
}

/** What `tokenise` keeps of the words of a text. */
export function withoutMiddle<Word>(words: Word[]): Word[] {
  const dropped = words.length - MAX_TOKENS_AT_START - MAX_TOKENS_AT_END;
  return dropped <= 0 ? words : words.toSpliced(MAX_TOKENS_AT_START, dropped);
}

// FNV-1a, 32 bits. Of 300,000 features about ten collide, which is too few to matter. With hashes instead of words, the
// model file contains no words of customers.
export const FNV_OFFSET = 0x811c9dc5;
export const FNV_PRIME = 0x01000193;
const BIGRAM_SEPARATOR = 0x20;

function hashRange(text: string, from: number, to: number, seed: number): number {
  let hash = seed;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash >>> 0;
}

/** Hash of a single word: its key in the word block. */
export function hashWord(word: string): number {
  return hashRange(word, 0, word.length, FNV_OFFSET);
}

export function hashBigram(first: string, second: string): number {
  const start = Math.imul(hashWord(first) ^ BIGRAM_SEPARATOR, FNV_PRIME);
  return hashRange(second, 0, second.length, start);
}

/** Hashes of the character 3- to 5-grams of a word, padded with spaces so that its beginning and end are marked. */
export function hashCharacterGrams(word: string): number[] {
  const padded = ` ${word} `;
  const hashes: number[] = [];
  for (let size = 3; size <= 5; size++) {
    if (padded.length <= size) {
      hashes.push(hashRange(padded, 0, padded.length, FNV_OFFSET));
      break;
    }
    for (let i = 0; i + size <= padded.length; i++) hashes.push(hashRange(padded, i, i + size, FNV_OFFSET));
  }
  return hashes;
}

/** Word 1–2-grams and character 3–5-grams of a text. */
export function extractFeatures(tokens: readonly Token[]): TextFeatures {
  const words = new Map<number, number>();
  const characters = new Map<number, number>();
  const counts = new Map<string, number>();
  for (let i = 0; i < tokens.length; i++) {
    const { word } = tokens[i]!;
    counts.set(word, (counts.get(word) ?? 0) + 1);
    const next = tokens[i + 1];
    if (next !== undefined) increase(words, hashBigram(word, next.word), 1);
  }
  for (const [word, count] of counts) {
    increase(words, hashWord(word), count);
    for (const hash of hashCharacterGrams(word)) increase(characters, hash, count);
  }
  return { words, characters };
}

function increase(counts: Map<number, number>, key: number, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
