import type { Finder, Finding } from './finding.ts';
import { foldText } from './folded-text.ts';

export type Person = { readonly name?: string | undefined; readonly email?: string | undefined };

/** Words that are not searched as names: common parts of names, and names of departments and functions. */
const commonWords = new Set(
  (
    'van von der den del dos das des los las ter ten zur zum bin ibn abu and und the for mrs herr frau senor senora monsieur madame ' +
    'info support sales contact help helpdesk admin administrator mail email office team hello billing accounts account accounting ' +
    'noreply reply service services customer customers client orders order shop store web webmaster post postmaster user users test ' +
    'home house hotel company group gmbh ltd inc llc corp department dept finance legal security marketing press news newsletter ' +
    'jobs career privacy abuse root booking bookings reservations reception desk enquiries inquiries feedback returns shipping ' +
    'kontakt rechnung buchhaltung verkauf vertrieb kunde kundenservice hilfe bestellung contacto ventas ayuda soporte facturacion ' +
    'pedidos clientes contato vendas ajuda suporte financeiro commande facturation aide ventes accueil direction unknown guest ' +
    'anonymous none null system device devices app customer-service'
  ).split(' '),
);
const MIN_PART = 3;

/** Scripts without spaces between words, in which a name is searched inside longer runs of letters. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;

/** Builds the pattern that finds the names of these people; null when there is no name to find. */
export function namePatternOf(people: readonly Person[]): RegExp | null {
  const names = namesOf(people);
  return names.length === 0 ? null : patternOf(names);
}

/** Whole names, their parts, and the parts of the address before the `@`, longest first. */
function namesOf(people: readonly Person[]): string[] {
  const names = new Set<string>();
  for (const person of people.flatMap(spellingsOf)) {
    const name = fold(person.name ?? '');
    if (name.includes('@')) continue;
    const parts = name.split(/[^\p{L}\p{M}\p{N}'-]+/u).filter((part) => part !== '');
    addIfDistinctive(names, parts.join(' '), 2);
    for (const part of parts.flatMap((whole) => [whole, ...whole.split(/['-]/)]))
      addIfDistinctive(names, part, MIN_PART);

    const local = fold(person.email ?? '').split('@')[0] ?? '';
    const localParts = local.split(/[^\p{L}\p{M}]+/u).filter((part) => part !== '');
    addIfDistinctive(names, local, MIN_PART);
    if (localParts.length > 1) addIfDistinctive(names, localParts.join(' '), MIN_PART);
    for (const part of localParts) addIfDistinctive(names, part, MIN_PART);
  }
  return [...names].toSorted((a, b) => b.length - a.length);
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

function addIfDistinctive(names: Set<string>, name: string, minLength: number): void {
  const letters = [...name].filter((character) => /\p{L}/u.test(character)).length;
  const isShort = letters < (unspaced.test(name) ? 2 : minLength);
  if (!isShort && !name.split(' ').every((word) => commonWords.has(word))) names.add(name);
}

function fold(text: string): string {
  return foldText(text.trim().slice(0, 500)).view;
}

/** Finds the known names as whole words, in any case and with any accents. */
export const findNames: Finder = ({ view }, { names }) => {
  if (names === null) return [];
  const findings: Finding[] = [];
  const seen = new Set<number>();
  for (const match of view.matchAll(names)) {
    if (seen.has(match.index)) continue;
    seen.add(match.index);
    const text = match[0];
    findings.push({
      kind: 'NAME',
      start: match.index,
      end: match.index + text.length,
      key: text.replace(/[\s.,_-]+/g, ' '),
    });
  }
  return findings;
};

// Letters of scripts without spaces do not count: in "Anaです", "Ana" is a whole word.
const inWord = '[[\\p{L}\\p{N}]--[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}]]';
const notInWord = '[^[\\p{L}\\p{N}]--[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}]]';

function patternOf(names: readonly string[]): RegExp {
  const alternatives = names.map((name) => {
    // The words of a name may be separated by any characters that separate words.
    const words = name.split(/[ -]/).map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
    if (unspaced.test(name)) return words.join('[\\s・=\\-]{0,2}');
    // In Arabic, "and", "for" and "to" are written as a prefix of the word.
    const before = /\p{sc=Arabic}/u.test(name) ? `(?<=(?:^|${notInWord})[وفبلك]?)` : `(?<!${inWord})`;
    return `${before}${words.join('[\\s.,_\\-]{1,3}')}(?!${inWord})`;
  });
  return new RegExp(alternatives.join('|'), 'gv');
}
