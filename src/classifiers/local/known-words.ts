import { hashWord } from './text-features.ts';
import type { Vectoriser } from './vectoriser.ts';

/** Endings of the languages that the examples are mostly in, the longest first. */
const endings = [
  'ungen',
  'ings',
  'ing',
  'ung',
  'ern',
  'ies',
  'ed',
  'er',
  'en',
  'es',
  'em',
  'ly',
  's',
  'e',
  'n',
  'r',
  't',
  'd',
  'a',
  'o',
  'i',
];
const MIN_STEM = 4;
/** Of a long word, a part of so many letters is a word of its own: the "rechnung" of "hotelrechnung". */
const MIN_COMPOUND = 9;
const MIN_PART = 5;

/**
 * Whether a word occurs in an example or in the taxonomy, or is plainly a form or a part of one that does: "refunds" where
 * an example says "refund", and the other way round; a compound of which an example has a half.
 */
export function isKnownWord(word: string, { wordIds }: Pick<Vectoriser, 'wordIds'>): boolean {
  const isKnown = (candidate: string) => wordIds.has(hashWord(candidate));
  if (isKnown(word)) return true;
  if (!/^\p{L}+$/u.test(word)) return false;
  const stems = endings
    .filter((ending) => word.endsWith(ending) && word.length - ending.length >= MIN_STEM)
    .map((ending) => word.slice(0, -ending.length));
  const forms = [word, ...stems].filter((stem) => stem.length >= MIN_STEM);
  if (forms.some((stem) => isKnown(stem) || endings.some((ending) => isKnown(stem + ending)))) return true;
  if (word.length < MIN_COMPOUND) return false;
  for (let at = MIN_PART; at <= word.length - MIN_STEM; at++) {
    if (isKnown(word.slice(0, at)) || (word.length - at >= MIN_PART && isKnown(word.slice(at)))) return true;
  }
  return false;
}
