import { foldText } from './folded-text.ts';
import { formOf } from './name-forms.ts';
import { nameWords } from './name-words.ts';

export type Person = { readonly name?: string | undefined; readonly email?: string | undefined };

/**
 * How sure it is that a name is meant, surest first. `whole`: a full name, anywhere. `reversed`: the last name first.
 * `wholeForm`: the same with other
 * endings ("Anny Nowak"). `pair`: an initial and a name, or the words of an address. `part`: one word of a name.
 * `partForm`: the same with another ending. `account`: the name of an account that may be a person's. `weak`: a word that
 * only the address has, which may be a nickname.
 */
const nameKinds = ['whole', 'reversed', 'wholeForm', 'pair', 'part', 'partForm', 'account', 'weak'] as const;
export type NameKind = (typeof nameKinds)[number];

export type KnownName = { readonly start: number; readonly text: string; readonly kind: NameKind };

export type KnownNames = {
  /** Names in a view from a position on: the next one, longer names first. */
  next(view: string, from: number): KnownName | null;
  /** The part of a name at exactly this position. */
  partAt(view: string, at: number): KnownName | null;
  /** True for a word of any known name. */
  isNameWord(word: string): boolean;
};

const MIN_PART = 3;

/** Scripts without spaces between words, in which a name is searched inside longer runs of letters. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;
const isUnspaced = (name: string) => unspaced.test(name) || /\p{sc=Hangul}/u.test(name);

/** Reads the names of these people; null when there is none to find. */
export function readNames(people: readonly Person[]): KnownNames | null {
  const kinds = new Map<string, NameKind>();
  for (const person of people.flatMap(spellingsOf)) addNames(kinds, person);
  if (kinds.size === 0) return null;
  const words = new Set([...kinds.keys()].flatMap((name) => name.split(' ')));
  const { all, parts } = patternsOf(kinds);
  const read = (pattern: RegExp, view: string, at: number): KnownName | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(view);
    if (match === null) return null;
    const [text] = match;
    const { wholeForm, partForm } = match.groups ?? {};
    const form = wholeForm === undefined ? (partForm === undefined ? null : 'partForm') : 'wholeForm';
    return { start: match.index, text, kind: form ?? kinds.get(keyOf(text)) ?? 'whole' };
  };
  return {
    next: (view, from) => read(all, view, from),
    partAt: (view, at) => read(parts, view, at),
    isNameWord: (word) => words.has(word),
  };
}

const separators = /[\s.,_・=-]+/g;
const apostrophes = /['’‘ʼ´`]/g;

/** A name as it is compared: O'Connor and O’Connor are one, and so are Jean-Pierre and Jean Pierre. */
const keyOf = (text: string) => text.replace(separators, ' ').replace(apostrophes, "'").trim();

function addNames(kinds: Map<string, NameKind>, person: Person): void {
  const add = (name: string, kind: NameKind) => {
    const key = keyOf(name);
    const known = kinds.get(key);
    if (key !== '' && (known === undefined || nameKinds.indexOf(kind) < nameKinds.indexOf(known))) kinds.set(key, kind);
  };
  const name = fold(person.name ?? '').replace(apostrophes, "'");
  const words = name.includes('@') ? [] : name.split(/[^\p{L}\p{M}\p{N}'-]+/u).filter((word) => word !== '');
  const isPerson = words.length > 0 && !words.some((word) => nameWords.roles.has(word));
  if (isPerson) addNameWords(words, add);
  else {
    for (const word of words) if (isLongEnough(word) && !isNoName(word)) add(word, 'weak');
    // Emily Post and Toby House have a surname that mailboxes are called by, too.
    if (words.length === 2 && words.some((word) => !isNoName(word))) add(words.join(' '), 'account');
  }
  addAddressWords({ local: fold((person.email ?? '').split('@')[0] ?? ''), words: isPerson ? words : [], add });
}

const isNoName = (word: string) =>
  nameWords.roles.has(word) || nameWords.particles.has(word) || nameWords.organisations.has(word);

type Add = (name: string, kind: NameKind) => void;

function addNameWords(words: readonly string[], add: Add): void {
  const isOrganisation = words.some((word) => nameWords.organisations.has(word));
  const own = words.filter((word) => !nameWords.particles.has(word));
  if (words.length > 1 && own.length > 0) {
    add(words.join(' '), 'whole');
    if (isUnspaced(words.join(''))) add(words.join(''), 'whole');
    if (!isOrganisation) {
      const [first = '', last = ''] = [own[0], own.at(-1)];
      if (first !== last) {
        add([...own.slice(-1), ...own.slice(0, -1)].join(' '), 'reversed');
        add(`${first} ${last}`, 'whole');
        add(`${last} ${first}`, 'reversed');
        if (/^\p{L}/u.test(first)) add(`${first[0]} ${last}`, 'pair');
      }
    }
  }
  if (isOrganisation) return;
  for (const part of own.flatMap((whole) => [whole, ...whole.split(/['-]/)])) {
    if (isLongEnough(part) && !nameWords.particles.has(part)) add(part, part.includes('-') ? 'whole' : 'part');
    // 山田 of 山田太郎: the family name has mostly two characters.
    if (/^\p{sc=Han}{3,4}$/u.test(part)) add(part.slice(0, 2), 'weak');
  }
}

/** An address such as `first.last@` names a person too, but not the mailbox of a team. */
function addAddressWords({ local, words, add }: { local: string; words: readonly string[]; add: Add }): void {
  const parts = (local.split('+')[0] ?? '').split(/[^\p{L}\p{M}]+/u).filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => nameWords.roles.has(part))) return;
  if (parts.length > 1) add(parts.join(' '), 'pair');
  for (const part of parts) {
    if (!isLongEnough(part) || nameWords.particles.has(part)) continue;
    const isJoined = words.some((word) => word.length > 2 && part !== word && part.includes(word));
    // `gpomfret` of Gwen Pomfret is no word of any language.
    add(part, isJoined ? 'whole' : parts.length > 1 && words.length === 0 ? 'part' : 'weak');
  }
}

function isLongEnough(name: string): boolean {
  const letters = [...name].filter((character) => /\p{L}/u.test(character)).length;
  return letters >= (isUnspaced(name) ? 2 : MIN_PART);
}

/** The person, and the spellings of the name without special letters: Mueller for Müller, Moller for Møller. */
function spellingsOf(person: Person): Person[] {
  const name = (person.name ?? '').normalize('NFC').toLowerCase();
  const written = (pairs: readonly (readonly [string, string])[]) =>
    pairs.reduce((text, [letter, plain]) => text.replaceAll(letter, plain), name);
  const others = new Set([written(digraphs), written(plainLetters)]);
  others.delete(name);
  return [person, ...[...others].map((other) => ({ name: other }))];
}

const digraphs = [
  ['ä', 'ae'],
  ['æ', 'ae'],
  ['ö', 'oe'],
  ['ø', 'oe'],
  ['ü', 'ue'],
  ['å', 'aa'],
  ['ß', 'ss'],
] as const;
// Letters that folding does not change, because they are not a plain letter with an accent.
const plainLetters = [
  ['æ', 'ae'],
  ['ø', 'o'],
  ['œ', 'oe'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ı', 'i'],
  ['ß', 'ss'],
] as const;

function fold(text: string): string {
  return foldText(text.trim().slice(0, 500)).view;
}

/**
 * Letters and digits of folded text as ranges, because a pattern of `\\p{L}` takes milliseconds to compile and each ticket
 * has its own. Scripts without spaces do not count: in "Anaです", "Ana" is a whole word. Nor does the punctuation of Greek,
 * Armenian, Hebrew, Arabic and Hindi.
 */
const lettersOfNames =
  'a-zªµºÀ-ÖØ-öø-ʯ\\u0370-\\u037d\\u037f-\\u0386\\u0388-\\u0559\\u0560-\\u0588\\u0591-\\u05bd\\u05c4-\\u05f2\\u0610-\\u061a\\u0620-\\u0669\\u066e-\\u06d3\\u06d5-\\u0963\\u0966-\\u096f\\u0971-\\u0dff\\u0e80-\\u1fff\\u2c00-\\u2dff\\ua640-\\uabff\\uac00-\\ud7ff';
const inWord = `[0-9${lettersOfNames}]`;
const notInWord = `[^0-9${lettersOfNames}]`;

/** All names, and the parts of names at one position. Full names come first, so that a part of one is not found alone. */
function patternsOf(kinds: ReadonlyMap<string, NameKind>): { all: RegExp; parts: RegExp } {
  const sorted = [...kinds].toSorted(([a], [b]) => b.length - a.length);
  const namesOf = (...wanted: NameKind[]) => sorted.flatMap(([name, kind]) => (wanted.includes(kind) ? [name] : []));
  const wholes = namesOf('whole', 'reversed', 'pair', 'account');
  const parts = namesOf('part', 'weak');
  const wholeForms = formsOf(namesOf('whole', 'reversed'));
  const partForms = formsOf(namesOf('part').filter((name) => name.length >= MIN_FORM_PART));
  const group = (name: string, patterns: readonly string[]) =>
    patterns.length === 0 ? [] : [`(?<${name}>${patterns.join('|')})`];
  const ofParts = [...parts.filter(isSpaced).map(spacedPattern), ...group('partForm', partForms)];
  const ofAll = [...wholes.filter(isSpaced).map(spacedPattern), ...group('wholeForm', wholeForms), ...ofParts];
  const others = (names: readonly string[]) => names.filter((name) => !isSpaced(name)).map(otherPattern);
  return {
    all: new RegExp([...others(wholes), ...asWords(ofAll), ...others(parts)].join('|'), 'gu'),
    // `[]` matches nothing.
    parts: new RegExp([...asWords(ofParts), ...others(parts)].join('|') || '[]', 'yu'),
  };
}

/** Alternatives with nothing of a word before and after them; the check is written once, because it is long. */
const asWords = (patterns: readonly string[]) =>
  patterns.length === 0 ? [] : [`(?<!${inWord})(?:${patterns.join('|')})(?!${inWord})`];

/** A shorter word with another ending is mostly another word. */
const MIN_FORM_PART = 4;

/** The words of a name may be separated by any characters that separate words. */
const between = '[\\s.,_\\-]{1,3}';

const isSpaced = (name: string) => !isUnspaced(name) && !/\p{sc=Arabic}/u.test(name);

const spacedPattern = (name: string) => name.split(' ').map(escapeWord).join(between);

function otherPattern(name: string): string {
  const words = name.split(' ').map(escapeWord);
  if (unspaced.test(name)) return words.join('[\\s・=\\-]{0,2}');
  // Particles are joined to Korean names: 김민준입니다.
  if (isUnspaced(name)) return `(?<!${inWord})${words.join('\\s?')}`;
  // In Arabic, "and", "for" and "to" are written as a prefix of the word.
  return `(?<=(?:^|${notInWord})[وفبلك]?)${words.join(between)}(?!${inWord})`;
}

function formsOf(names: readonly string[]): string[] {
  return names.filter(isSpaced).flatMap((name) => {
    const words = name.split(' ');
    const forms = words.map((word) => formOf({ word, escapeWord, letters: lettersOfNames }));
    if (forms.every((form) => form === null)) return [];
    return [words.map((word, index) => forms[index] ?? escapeWord(word)).join(between)];
  });
}

const escapeWord = (word: string) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(apostrophes, "['’‘ʼ´`]?");
