import { foldText } from './folded-text.ts';
import { nameWords } from './name-words.ts';

export type Person = { readonly name?: string | undefined; readonly email?: string | undefined };

/**
 * How sure it is that a name is meant. `whole`: a full name, anywhere. `pair`: an initial and a name, or the words of an
 * address. `part`: one word of a name. `weak`: a word that only the address has, which may be a nickname.
 */
export type NameKind = 'whole' | 'pair' | 'part' | 'weak';

export type KnownNames = {
  readonly pattern: RegExp;
  /** The kind of a text that the pattern matched. */
  kindOf(text: string): NameKind;
  /** True for a word of any known name. */
  isNameWord(word: string): boolean;
};

const MIN_PART = 3;

/** Scripts without spaces between words, in which a name is searched inside longer runs of letters. */
export const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;

/** Reads the names of these people; null when there is none to find. */
export function readNames(people: readonly Person[]): KnownNames | null {
  const kinds = new Map<string, NameKind>();
  for (const person of people.flatMap(spellingsOf)) addNames(kinds, person);
  if (kinds.size === 0) return null;
  const words = new Set([...kinds.keys()].flatMap((name) => name.split(' ')));
  return {
    pattern: patternOf([...kinds.keys()].toSorted((a, b) => b.length - a.length)),
    kindOf: (text) => kinds.get(text.replace(separators, ' ')) ?? 'whole',
    isNameWord: (word) => words.has(word),
  };
}

const separators = /[\s.,_・=-]+/g;

function addNames(kinds: Map<string, NameKind>, person: Person): void {
  const add = (name: string, kind: NameKind) => {
    const key = name.replace(separators, ' ').trim();
    if (key !== '' && !kinds.has(key)) kinds.set(key, kind);
  };
  const name = fold(person.name ?? '');
  const words = name.includes('@') ? [] : name.split(/[^\p{L}\p{M}\p{N}'-]+/u).filter((word) => word !== '');
  const isPerson = words.length > 0 && !words.some((word) => nameWords.roles.has(word));
  if (isPerson) addNameWords(words, add);
  else for (const word of words) if (isLongEnough(word) && !isNoName(word)) add(word, 'weak');
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
    if (unspaced.test(words.join(''))) add(words.join(''), 'whole');
    if (!isOrganisation) {
      const [first = '', last = ''] = [own[0], own.at(-1)];
      if (first !== last) {
        add([...own.slice(-1), ...own.slice(0, -1)].join(' '), 'whole');
        add(`${first} ${last}`, 'whole');
        add(`${last} ${first}`, 'whole');
        if (/^\p{L}/u.test(first)) add(`${first[0]} ${last}`, 'pair');
      }
    }
  }
  if (isOrganisation) return;
  for (const part of own.flatMap((whole) => [whole, ...whole.split(/['-]/)])) {
    if (isLongEnough(part) && !nameWords.particles.has(part)) add(part, part.includes('-') ? 'whole' : 'part');
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
  return letters >= (unspaced.test(name) ? 2 : MIN_PART);
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

// Letters of scripts without spaces do not count: in "Anaです", "Ana" is a whole word.
const inWord = '[[\\p{L}\\p{N}]--[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}]]';
const notInWord = '[^[\\p{L}\\p{N}]--[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}]]';

function patternOf(names: readonly string[]): RegExp {
  const alternatives = names.map((name) => {
    // The words of a name may be separated by any characters that separate words.
    const words = name.split(' ').map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
    if (unspaced.test(name)) return words.join('[\\s・=\\-]{0,2}');
    // In Arabic, "and", "for" and "to" are written as a prefix of the word.
    const before = /\p{sc=Arabic}/u.test(name) ? `(?<=(?:^|${notInWord})[وفبلك]?)` : `(?<!${inWord})`;
    return `${before}${words.join('[\\s.,_\\-]{1,3}')}(?!${inWord})`;
  });
  return new RegExp(alternatives.join('|'), 'gv');
}
