import { type NumberWord, numberWordOf } from './number-words.ts';

type TokenKind = 'word' | 'number' | 'lineEnd' | 'sentenceEnd' | 'comma' | 'sign';
export type Token = {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
};

/** The words, numbers and signs of a text, in order. */
export type NumberTokens = {
  readonly tokens: readonly Token[];
  /** What the word at an index says about numbers near it; null where no word is. */
  readonly wordAt: (index: number) => NumberWord | null;
};

/** Reads the tokens of a view; words are looked up when they are asked for. */
export function readTokens(view: string): NumberTokens {
  const tokens = tokensOf(view);
  const words = new Map<string, NumberWord>();
  const wordAt = (index: number): NumberWord | null => {
    const at = tokens[index];
    if (at?.kind !== 'word') return null;
    let known = words.get(at.text);
    if (known === undefined) {
      known = numberWordOf(at.text);
      words.set(at.text, known);
    }
    return known;
  };
  return { tokens, wordAt };
}

// What was found before is covered with \0 and counts as a number. An address is one word: "ref" in jo@ref.example calls no
// number a reference.
const token =
  /(?<address>[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,200}[\p{L}\p{N}])?)|(?<word>[a-z]\/[a-z](?![\p{L}\p{N}])|[\p{L}\p{M}]+)|(?<number>[\d\0](?:[.,:/-]?[\d\0])*)|(?<lineEnd>\r?\n)|(?<other>[^\s])/gu;

function tokensOf(view: string): Token[] {
  const tokens: Token[] = [];
  for (const match of view.matchAll(token)) {
    const [text] = match;
    tokens.push({ kind: kindOf(match), text, start: match.index, end: match.index + text.length });
  }
  return tokens;
}

function kindOf({ 0: text, groups = {} }: RegExpExecArray): TokenKind {
  if (groups.word !== undefined || groups.address !== undefined) return 'word';
  if (groups.number !== undefined) return 'number';
  if (groups.lineEnd !== undefined) return 'lineEnd';
  if (/[.!?;。！？؛؟|]/.test(text)) return 'sentenceEnd';
  return /[,、،]/.test(text) ? 'comma' : 'sign';
}

/** The index of the first token that ends after a position. */
export function indexAt(tokens: readonly Token[], position: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.end ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** "8R 41234": a digit with a letter or two before a number is its first part. */
export function startOfCode(tokens: readonly Token[], index: number): number {
  const [digits, letters] = [tokens[index - 2], tokens[index - 1]];
  const isCode = digits?.kind === 'number' && letters?.kind === 'word' && digits.end === letters.start;
  return isCode && letters.text.length <= 2 && tokens[index]?.start === letters.end + 1 ? index - 2 : index;
}
