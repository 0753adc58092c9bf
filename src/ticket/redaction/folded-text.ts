import { runSteps, type Steps } from '../../base/steps.ts';

/**
 * A text as identifiers are looked for in it: lower case, without accents, invisible characters or full-width forms,
 * HTML entities and %40-style escapes decoded. Every character knows where in the original it came from, so that what is
 * found here can be replaced there.
 */
export type FoldedText = {
  readonly original: string;
  readonly view: string;
  /** The view with the capitals of the original, in the same length: keys are random in their case as well. */
  readonly cased: string;
  /** Start in the original, by position in the view; one entry more than the view has characters. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
};

/** Stands for a character of something found. In no pattern, so that nothing is found twice or across. */
export const TAKEN = '\u0000';
/** Stands for a character of something that is no identifier (a date, a price) and must not become part of one. */
export const KEPT = '\u0001';

/** Characters of the original that are folded in one step. */
const STEP_LENGTH = 8_000;

export function foldText(original: string): FoldedText {
  return runSteps(foldSteps(original));
}

/** The same in bounded steps. */
export function* foldSteps(original: string): Steps<FoldedText> {
  const view: string[] = [];
  const cased: string[] = [];
  // Escapes only shorten, a few characters fold to several: the arrays grow as needed.
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
  // Bounded: a hostile text has at most the whole of Unicode to offer, an honest one a few hundred.
  if (foldedCharacters.size < 20_000) foldedCharacters.set(character, folded);
  return folded;
}

/** Ligatures that stand for whole phrases (ﷺ folds to 18 characters) hide no identifier and would make a text long. */
const MAX_FOLDED_LENGTH = 6;

function computeFold(character: string): Folded {
  // Default ignorable: zero-width, direction marks, variation selectors, fillers, tags.
  if (/^(?:\p{DI}|[\u0300-\u036f]|(?![\t\n\r])\p{Cc}|\p{Cs})$/u.test(character)) return nothing;
  if (/^\p{Pd}$/u.test(character) || character === '\u2212') return { lower: '-', cased: '-' };
  if (/^\p{Zs}$/u.test(character)) return { lower: ' ', cased: ' ' };
  const plain = character
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC');
  const cased = Array.from(plain, (part) => digitOf(part) ?? part).join('');
  const lower = cased.toLowerCase();
  if (lower.length > MAX_FOLDED_LENGTH) return { lower: character, cased: character };
  return { lower, cased: cased.length === lower.length ? cased : lower };
}

/** The ASCII digit that a digit of another script stands for; every script has its ten in a row. */
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

/** `&#64;`, `&amp;#x40;`, `&commat;` and `%40` at a position. */
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

/** Where a pattern (with the flag `g`) matches in a view. */
export function rangesOf(view: string, pattern: RegExp): { start: number; end: number }[] {
  return [...view.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

/** A view with parts of it overwritten, in the same length. The ranges are in order of their start. */
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
