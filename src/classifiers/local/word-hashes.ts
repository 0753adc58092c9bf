import { FNV_OFFSET, FNV_PRIME, hashWord, MAX_TOKEN_LENGTH, tokenise, withoutMiddle } from './text-features.ts';

const NONE = 0;
const LETTER = 1;
const DIGIT = 2;
/** A word of its own. */
const SIGN = 3;
const APOSTROPHE = 0x27;
/** What makes a capital letter a small one. */
const CASE_BIT = 0x20;
const ASCII = 128;

const kinds = Uint8Array.from({ length: ASCII }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return LETTER;
  if (/\d/.test(character)) return DIGIT;
  return '?!$%'.includes(character) ? SIGN : NONE;
});

/**
 * The hashes of the words that `tokenise` finds, in their order. Those of ASCII texts, such as most English ones, are found
 * without its pattern and without an object for each word: in a fifth of the time.
 */
export function hashWords(text: string): number[] {
  const hashes: number[] = [];
  for (let at = 0; at < text.length; ) {
    const kind = kinds[text.charCodeAt(at)];
    if (kind === undefined) return tokenise(text).map(({ word }) => hashWord(word));
    if (kind === NONE) {
      at++;
      continue;
    }
    const end = kind === SIGN ? at + 1 : endOfWord(text, at);
    hashes.push(hashSmall(text, at, Math.min(end, at + MAX_TOKEN_LENGTH)));
    at = end;
  }
  return withoutMiddle(hashes);
}

/** Letters and digits, then letters after an apostrophe, any number of times. */
function endOfWord(text: string, start: number): number {
  let end = start + 1;
  while (isLetterOrDigit(text.charCodeAt(end))) end++;
  while (text.charCodeAt(end) === APOSTROPHE && kinds[text.charCodeAt(end + 1)] === LETTER) {
    end += 2;
    while (kinds[text.charCodeAt(end)] === LETTER) end++;
  }
  return end;
}

const isLetterOrDigit = (code: number) => kinds[code] === LETTER || kinds[code] === DIGIT;

/** `hashWord` of the part in small letters. */
function hashSmall(text: string, from: number, to: number): number {
  let hash = FNV_OFFSET;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    const small = kinds[code] === LETTER ? code | CASE_BIT : code;
    hash = Math.imul(hash ^ small, FNV_PRIME);
  }
  return hash >>> 0;
}
