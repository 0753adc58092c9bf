import type { Finder, Finding } from './finding.ts';
import { foldText } from './folded-text.ts';

export type Person = { readonly name?: string | undefined; readonly email?: string | undefined };

/** Parts of names that are words of their language, and words that stand for a department instead of a person. */
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

/** Letters of scripts that write words without spaces: there a name is looked for anywhere. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;

/** A pattern of what to look for of these people, null when that is nothing. */
export function namePatternOf(people: readonly Person[]): RegExp | null {
  const names = namesOf(people);
  return names.length === 0 ? null : patternOf(names);
}

/** Whole names, their parts, and those of the address before the `@`. Longest first. */
function namesOf(people: readonly Person[]): string[] {
  const names = new Set<string>();
  for (const person of people.flatMap(spellingsOf)) {
    const name = fold(person.name ?? '');
    if (name.includes('@')) continue;
    const parts = name.split(/[^\p{L}\p{M}\p{N}'-]+/u).filter((part) => part !== '');
    addIfTelling(names, parts.join(' '), 2);
    for (const part of parts.flatMap((whole) => [whole, ...whole.split(/['-]/)])) addIfTelling(names, part, MIN_PART);

    const local = fold(person.email ?? '').split('@')[0] ?? '';
    const localParts = local.split(/[^\p{L}\p{M}]+/u).filter((part) => part !== '');
    addIfTelling(names, local, MIN_PART);
    if (localParts.length > 1) addIfTelling(names, localParts.join(' '), MIN_PART);
    for (const part of localParts) addIfTelling(names, part, MIN_PART);
  }
  return [...names].toSorted((a, b) => b.length - a.length);
}

/** The person, and how the name is written where a keyboard lacks its letters: Mueller for Müller, Moller for Møller. */
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
// Letters that do not fall apart into a plain one and an accent, which folding takes off.
const plainLetters = [
  ['æ', 'ae'],
  ['ø', 'o'],
  ['œ', 'oe'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ı', 'i'],
  ['ß', 'ss'],
] as const;

function addIfTelling(names: Set<string>, name: string, minLength: number): void {
  const letters = [...name].filter((character) => /\p{L}/u.test(character)).length;
  const isShort = letters < (unspaced.test(name) ? 2 : minLength);
  if (!isShort && !name.split(' ').every((word) => commonWords.has(word))) names.add(name);
}

function fold(text: string): string {
  return foldText(text.trim().slice(0, 500)).view;
}

/** The names as whole words, whatever their case and accents. */
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

// "です" right behind a name in Latin letters does not make it part of a longer word.
const inWord = '[[\\p{L}\\p{N}]--[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}]]';
const notInWord = '[^[\\p{L}\\p{N}]--[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}]]';

function patternOf(names: readonly string[]): RegExp {
  const alternatives = names.map((name) => {
    // Between the words of a name anything that separates words may stand.
    const words = name.split(/[ -]/).map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
    if (unspaced.test(name)) return words.join('[\\s・=\\-]{0,2}');
    // Arabic writes "and", "for", "to" onto the word.
    const before = /\p{sc=Arabic}/u.test(name) ? `(?<=(?:^|${notInWord})[وفبلك]?)` : `(?<!${inWord})`;
    return `${before}${words.join('[\\s.,_\\-]{1,3}')}(?!${inWord})`;
  });
  return new RegExp(alternatives.join('|'), 'gv');
}
