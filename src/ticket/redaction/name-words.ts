import { closings } from '../parts/words.ts';
import { foldText } from './folded-text.ts';
import { isNumberNoun } from './number-words.ts';
import data from './words/name-words.json' with { type: 'json' };

const fold = (text: string) => foldText(text).view;
const setOf = (text: string): ReadonlySet<string> => new Set(fold(text).split(' '));

/** Words around names and words that are names too, in folded text: data in words/name-words.json. */
export const nameWords = {
  /** Parts of names that are no names themselves: "van", "de la". */
  particles: setOf(data.particles),
  /** Mailboxes and accounts of no person: "invoices", "user". */
  roles: setOf(data.roles),
  organisations: setOf(data.organisations),
  greetings: setOf(data.greetings),
  titles: setOf(data.titles),
  /** Words of a closing or of thanks, before the name of the writer. */
  closings: new Set([...setOf(data.thanks), ...[...closings].flatMap((closing) => fold(closing).split(/[\s,]+/))]),
  articles: setOf(data.articles),
};

const introductionWords = data.introductions
  .split('|')
  .map((words) => fold(words).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
/** "This is", "ich heiße": a name follows. */
export const introduction = new RegExp(`(?<!\\p{L})(?:${introductionWords.join('|')})[\\s:,"'-]{1,3}$`, 'u');

const commonByLanguage: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(data.common).map(([language, words]) => [language, setOf(words)]),
);

/** True for a name that is also a word of the language, or of any language where that is not known (null). */
export function isCommonWord(word: string, language: string | null): boolean {
  if (commonByLanguage.get('otherScripts')?.has(word) === true) return true;
  // "card", "order", "billing": tickets are full of them.
  if (nameWords.roles.has(word) || isNumberNoun(word)) return true;
  const words = language === null ? undefined : commonByLanguage.get(language);
  if (words !== undefined) return words.has(word);
  return [...commonByLanguage.values()].some((set) => set.has(word));
}

/** True for another ending of a common word: "biała" beside "biały", "kleine" beside "klein". */
export function isFormOfCommonWord(word: string, language: string | null): boolean {
  if (word.length < 4) return false;
  // Белая, Толстой: surnames that are adjectives.
  if (/(?:ая|яя|ыи|ый|ои|ой)$/u.test(word)) return true;
  const stem = word.slice(0, -1);
  if (endings.some((ending) => isCommonWord(stem + ending, language))) return true;
  return /[ens]$/.test(word) && (isCommonWord(stem, language) || isCommonWord(word.slice(0, -2), language));
}

const endings = [...'aeosyinr'];
