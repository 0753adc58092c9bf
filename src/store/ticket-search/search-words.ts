import { tokenise } from '../../classifiers/local/text-features.ts';

/** More distinct words than a long ticket has. Keeps the row far below PostgreSQL's limit of 1 MB for a tsvector. */
const MAX_WORDS = 3_000;
/** Of a word in its stored form, in UTF-16 code units: one character such as U+FDFA stands for a phrase of 18. */
const MAX_WORD_LENGTH = 40;
/** So many words of a search count; nobody types more, and each is looked up. */
const MAX_SEARCHED = 20;

/** The tokeniser gives each character of these scripts by itself, since they are written without spaces. */
const unspaced =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u;
const hasLetter = /[\p{L}\p{N}]/u;
/** Vowel points and other marks above Arabic and Hebrew letters, and the stroke that only stretches a word. */
const marks = /[\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06ED]/g;
/** Letters that have no accent to remove and are often typed without. */
const plainForms: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const plainFormsPattern = new RegExp(`[${Object.keys(plainForms).join('')}]`, 'g');
const ascii = /^[a-z0-9']*$/;

/** A word as it is stored and searched, without case, accents and points. */
function fold(word: string): string {
  if (ascii.test(word)) return word;
  return word
    .normalize('NFD')
    .replace(marks, '')
    .normalize('NFC')
    .replace(plainFormsPattern, (letter) => plainForms[letter] ?? letter);
}

type Piece = { readonly word: string; readonly start: number; readonly end: number; readonly isUnspaced: boolean };

function* piecesOf(text: string): Generator<Piece> {
  for (const { word, start, end } of tokenise(text)) {
    // Without the punctuation and emoji that classifiers read.
    if (!hasLetter.test(word)) continue;
    // l'ordine, O'Brien: the part behind the apostrophe is searched for as well.
    for (const part of fold(word).split("'")) {
      const kept = part.slice(0, MAX_WORD_LENGTH);
      if (kept !== '') yield { word: kept, start, end, isUnspaced: unspaced.test(kept) };
    }
  }
}

/**
 * The distinct words of some texts. Of scripts without spaces, each character and each pair of neighbours is a word, so that a
 * search for a word of several characters finds these and not the same characters elsewhere in the text.
 */
export function wordsOf(texts: readonly string[]): string[] {
  const words = new Set<string>();
  for (const text of texts) {
    let before: Piece | null = null;
    for (const piece of piecesOf(text)) {
      if (words.size >= MAX_WORDS) return [...words];
      words.add(piece.word);
      if (isPair(before, piece)) words.add(before.word + piece.word);
      before = piece;
    }
  }
  return [...words];
}

/** A search as the database reads it: all terms must occur. */
export type Search = { readonly all: string; readonly terms: readonly string[] };

/** All words of a text must occur, the last one as a beginning. Null for a text without words, which restricts nothing. */
export function parseSearch(text: string): Search | null {
  const words: string[] = [];
  let before: Piece | null = null;
  let isBeforeAlone = false;
  for (const piece of piecesOf(text)) {
    if (isPair(before, piece)) {
      // The first character of a run stands for itself until a second one follows.
      if (isBeforeAlone) words.pop();
      words.push(before.word + piece.word);
      isBeforeAlone = false;
    } else {
      words.push(piece.word);
      isBeforeAlone = true;
    }
    before = piece;
  }
  const last = words.pop();
  if (last === undefined) return null;
  const whole = [...new Set(words)].slice(0, MAX_SEARCHED - 1);
  const terms = [...whole.map(quote), `${quote(last)}:*`];
  return { all: allOf(terms), terms };
}

export const allOf = (terms: readonly string[]): string => terms.join(' & ');

function isPair(before: Piece | null, { isUnspaced, start }: Piece): before is Piece {
  return before?.isUnspaced === true && isUnspaced && before.end === start;
}

/** So that PostgreSQL reads it as one word, whatever its characters. */
function quote(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
