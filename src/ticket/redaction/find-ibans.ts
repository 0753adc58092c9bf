import type { Finder, Finding } from './finding.ts';

/** Length of an IBAN by country. Source: SWIFT IBAN Registry, release 99. */
const lengths: Readonly<Record<string, number>> = {
  ad: 24,
  ae: 23,
  al: 28,
  at: 20,
  az: 28,
  ba: 20,
  be: 16,
  bg: 22,
  bh: 22,
  bi: 27,
  br: 29,
  by: 28,
  ch: 21,
  cr: 22,
  cy: 28,
  cz: 24,
  de: 22,
  dj: 27,
  dk: 18,
  do: 28,
  ee: 20,
  eg: 29,
  es: 24,
  fi: 18,
  fk: 18,
  fo: 18,
  fr: 27,
  gb: 22,
  ge: 22,
  gi: 23,
  gl: 18,
  gr: 27,
  gt: 28,
  hn: 28,
  hr: 21,
  hu: 28,
  ie: 22,
  il: 23,
  iq: 23,
  is: 26,
  it: 27,
  jo: 30,
  kw: 30,
  kz: 20,
  lb: 28,
  lc: 32,
  li: 21,
  lt: 20,
  lu: 20,
  lv: 21,
  ly: 25,
  mc: 27,
  md: 24,
  me: 22,
  mk: 19,
  mn: 20,
  mr: 27,
  mt: 31,
  mu: 30,
  ni: 28,
  nl: 18,
  no: 15,
  om: 23,
  pk: 24,
  pl: 28,
  ps: 29,
  pt: 25,
  qa: 29,
  ro: 24,
  rs: 22,
  ru: 33,
  sa: 24,
  sc: 31,
  sd: 18,
  se: 24,
  si: 19,
  sk: 24,
  sm: 27,
  so: 23,
  st: 25,
  sv: 28,
  tl: 23,
  tn: 24,
  tr: 26,
  ua: 29,
  va: 22,
  vg: 24,
  xk: 20,
  ye: 30,
};

/** Countries whose account numbers are digits only, by the same registry. */
const digitsOnly = new Set(
  'ae at ba be cy cz de dk ee es fi fo gl hr hu il is lt me no pl pt rs se si sk so tl xk'.split(' '),
);

const start = /(?<![a-z0-9])(?:iban)?([a-z])[ .-]{0,2}([a-z])[ .-]{0,2}\d/g;
const separator = /[\s.\-/_:]/;

/** Finds international bank account numbers with a right checksum (ISO 13616, modulo 97), in any grouping. */
export const findIbans: Finder = ({ view }) => {
  const findings: Finding[] = [];
  start.lastIndex = 0;
  for (let match = start.exec(view); match !== null; match = start.exec(view)) {
    const length = lengths[`${match[1]}${match[2]}`];
    const from = match.index + match[0].search(/[a-z][ .-]{0,2}[a-z][ .-]{0,2}\d$/);
    const read = length === undefined ? null : readCharacters({ view, from, count: length });
    if (read !== null && isAccount({ ...read, view }) && hasRightChecksum(read.characters)) {
      findings.push({ kind: 'IBAN', start: from, end: read.end, key: read.characters });
      start.lastIndex = read.end;
    } else start.lastIndex = match.index + 1;
  }
  return findings;
};

/**
 * Reads the next `count` letters and digits, skipping at most two separators in a row; null when there are not enough.
 */
function readCharacters(options: {
  view: string;
  from: number;
  count: number;
}): { characters: string; end: number } | null {
  const { view, from, count } = options;
  let characters = '';
  let separators = 0;
  let at = from;
  for (; at < view.length && characters.length < count; at++) {
    const character = view[at] ?? '';
    if (/[a-z0-9]/.test(character)) {
      characters += character;
      separators = 0;
    } else if (separator.test(character) && separators < 2) separators++;
    else return null;
  }
  return characters.length === count ? { characters, end: at } : null;
}

/**
 * The share of digits that an IBAN has at least, in every country. Words with a right checksum have hardly any digits.
 */
const MIN_DIGIT_SHARE = 0.45;

/** False for words and figures in a row, such as "nº 6679052635 está". */
function isAccount({ characters, end, view }: { characters: string; end: number; view: string }): boolean {
  if (/^\d/.test(view.slice(end, end + 1))) return false;
  if (digitsOnly.has(characters.slice(0, 2))) return /^..\d+$/.test(characters);
  const endsInWord = /[a-z]$/.test(characters) && /^\p{L}/u.test(view.slice(end, end + 1));
  return !endsInWord && characters.replace(/\D/g, '').length >= characters.length * MIN_DIGIT_SHARE;
}

/** ISO 7064 MOD 97-10: with the first four characters moved to the end, and letters as 10 to 35, the remainder is 1. */
function hasRightChecksum(iban: string): boolean {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
