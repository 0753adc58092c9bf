import { runSteps, type Steps } from '../../base/steps.ts';
import { keycapFrame, plainLetter } from '../letter-forms.ts';

/**
 * A text in the form in which identifiers are searched: in lower case, without accents, invisible characters and
 * full-width forms, and with HTML entities and escapes such as %40 decoded. For every character it has the position in
 * the original, so that an identifier that is found here can be replaced there.
 */
export type FoldedText = {
  readonly original: string;
  readonly view: string;
  /** The view with the upper case of the original, in the same length. Random keys are recognised by their case. */
  readonly cased: string;
  /** The start in the original of each character of the view, and then the length of the original. */
  readonly starts: Uint32Array;
  /** The end in the original (exclusive) of each character of the view, and then the length of the original. */
  readonly ends: Uint32Array;
};

/** Replaces each character of a finding. No pattern matches it, so nothing is found twice or across a finding. */
export const TAKEN = '\u0000';
/** Replaces each character of a date, a price or a version, which must not become part of an identifier. */
export const KEPT = '\u0001';

/** The number of characters of the original that are folded in one step. */
const STEP_LENGTH = 8_000;

/** Folds a text at once. */
export function foldText(original: string): FoldedText {
  return runSteps(foldSteps(original));
}

/** Folds a text in steps of limited length. */
export function* foldSteps(original: string): Steps<FoldedText> {
  const view: string[] = [];
  const cased: string[] = [];
  // Escapes make the view shorter, and a few characters fold to several, so the arrays grow when needed.
  let starts = new Uint32Array(original.length + 64);
  let ends = new Uint32Array(original.length + 64);
  let length = 0;
  const emit = (folded: Folded, start: number, end: number) => {
    if (length + folded.lower.length + 1 > starts.length) {
      starts = grow(starts, folded.lower.length);
      ends = grow(ends, folded.lower.length);
    }
    for (let index = 0; index < folded.lower.length; index++) {
      starts[length] = start;
      ends[length] = end;
      length++;
    }
    view.push(folded.lower);
    cased.push(folded.cased);
  };

  let nextStep = 0;
  for (let at = 0; at < original.length; ) {
    if (at >= nextStep) {
      yield Math.min(STEP_LENGTH, original.length - at);
      nextStep = at + STEP_LENGTH;
    }
    const escaped = readEscape(original, at);
    if (escaped !== null) {
      emit(foldCharacter(escaped.character), at, at + escaped.length);
      at += escaped.length;
      continue;
    }
    const code = original.codePointAt(at) ?? 0;
    const size = code > 0xffff ? 2 : 1;
    emit(code < 128 ? foldAscii(code) : foldCharacter(String.fromCodePoint(code)), at, at + size);
    at += size;
  }
  starts[length] = original.length;
  ends[length] = original.length;
  return { original, view: view.join(''), cased: cased.join(''), starts, ends };
}

function grow(array: Uint32Array<ArrayBuffer>, by: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2 + by + 1);
  larger.set(array);
  return larger;
}

type Folded = { readonly lower: string; readonly cased: string };

const nothing: Folded = { lower: '', cased: '' };

const asciiFolded = Array.from({ length: 128 }, (_, code): Folded => {
  const character = String.fromCharCode(code);
  const isDropped = (code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 127;
  return isDropped ? nothing : { lower: character.toLowerCase(), cased: character };
});

function foldAscii(code: number): Folded {
  return asciiFolded[code] ?? nothing;
}

const foldedCharacters = new Map<string, Folded>();

function foldCharacter(character: string): Folded {
  const known = foldedCharacters.get(character);
  if (known !== undefined) return known;
  const folded = computeFold(character);
  // Limited, because a hostile text may contain all of Unicode; a real one has a few hundred characters.
  if (foldedCharacters.size < 20_000) foldedCharacters.set(character, folded);
  return folded;
}

/** Ligatures of whole phrases (ﷺ folds to 18 characters) are not folded: that would make texts long for nothing. */
const MAX_FOLDED_LENGTH = 6;

function computeFold(character: string): Folded {
  // Default ignorable: zero-width, direction marks, variation selectors, fillers, tags.
  if (/^(?:\p{DI}|[\u0300-\u036f]|(?![\t\n\r])\p{Cc}|\p{Cs})$/u.test(character)) return nothing;
  if (/^\p{Pd}$/u.test(character) || character === '\u2212') return { lower: '-', cased: '-' };
  if (/^\p{Zs}$/u.test(character)) return { lower: ' ', cased: ' ' };
  if (character === keycapFrame) return nothing;
  // The sigma at the end of a word has no capital of its own.
  if (character === 'ς') return { lower: 'σ', cased: 'σ' };
  const plain = plainLetter(character)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC');
  const cased = Array.from(plain, (part) => digitOf(part) ?? part).join('');
  const lower = cased.toLowerCase();
  if (lower.length > MAX_FOLDED_LENGTH) return { lower: character, cased: character };
  return { lower, cased: cased.length === lower.length ? cased : lower };
}

/** The ASCII digit for a digit of another script, or null for no digit. The ten digits of a script are consecutive. */
function digitOf(character: string): string | null {
  if (!/^\p{Nd}$/u.test(character)) return null;
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (zero > code - 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(code - zero);
}

const namedEntities: Readonly<Record<string, string>> = {
  commat: '@',
  period: '.',
  nbsp: ' ',
  amp: '&',
  lowbar: '_',
  plus: '+',
  colon: ':',
  sol: '/',
  hyphen: '-',
  dash: '-',
  num: '#',
  lpar: '(',
  rpar: ')',
  shy: '\u00ad',
  zwj: '\u200d',
  zwnj: '\u200c',
};
const entity = /&(?:amp;){0,3}(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/iy;
const percent = /%(?:25){0,3}([2-7][0-9a-f])/iy;

/** Reads an escape such as `&#64;`, `&amp;#x40;`, `&commat;` or `%40` at a position; null when there is none. */
function readEscape(text: string, at: number): { character: string; length: number } | null {
  const code = text.charCodeAt(at);
  if (code === 0x26) {
    entity.lastIndex = at;
    const match = entity.exec(text);
    if (match === null) return null;
    const named = match[3] === undefined ? undefined : namedEntities[match[3].toLowerCase()];
    const point =
      match[1] !== undefined ? Number(match[1]) : match[2] !== undefined ? Number.parseInt(match[2], 16) : null;
    if (named !== undefined) return { character: named, length: match[0].length };
    const isCharacter = point !== null && point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    return isCharacter ? { character: String.fromCodePoint(point), length: match[0].length } : null;
  }
  if (code === 0x25) {
    percent.lastIndex = at;
    const match = percent.exec(text);
    const hex = match?.[1];
    if (match === null || hex === undefined) return null;
    return { character: String.fromCharCode(Number.parseInt(hex, 16)), length: match[0].length };
  }
  return null;
}

/** Returns where a pattern (with the flag `g`) matches in a view. */
export function rangesOf(view: string, pattern: RegExp): { start: number; end: number }[] {
  return [...view.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

/** Overwrites ranges of a view with a filler character, in the same length. The ranges must be sorted by start. */
export function cover(view: string, ranges: readonly { start: number; end: number }[], filler: string): string {
  if (ranges.length === 0) return view;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    if (end <= at) continue;
    const from = Math.max(at, start);
    parts.push(view.slice(at, from), filler.repeat(end - from));
    at = end;
  }
  parts.push(view.slice(at));
  return parts.join('');
}
