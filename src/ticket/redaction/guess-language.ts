import { foldText } from './folded-text.ts';
import data from './words/number-words.json' with { type: 'json' };

const { compounds: _compounds, carriers: _carriers, topics: _topics, inOtherScripts: _others, ...languages } = data;

/** Small words by language: articles, prepositions, "is", "my". */
const smallWords = Object.entries(languages).map(([language, { is, my, at = '', small, and }]) => ({
  language,
  words: new Set(foldText([is, my, at, small, and].join(' ')).view.split(' ')),
}));

/** Languages that share nearly all small words: either will do. */
const alike: ReadonlySet<string> = new Set(['da', 'no']);

/** Fewer small words of one language say nothing. */
const MIN_WORDS = 3;

/**
 * Guesses the language of a text in Latin script by its small words; null when that is not clear. Enough to choose word
 * lists and countries; detectLanguage is better, but loads a model.
 */
export function guessLanguage(text: string): string | null {
  const words = foldText(text.slice(0, 2_000)).view.match(/\p{L}+/gu) ?? [];
  const scores = smallWords
    .map(({ language, words: small }) => ({ language, count: words.filter((word) => small.has(word)).length }))
    .toSorted((a, b) => b.count - a.count);
  const [best, second] = scores;
  if (best === undefined || best.count < MIN_WORDS) return null;
  const isTie = best.count === second?.count && !(alike.has(best.language) && alike.has(second.language));
  return isTie ? null : best.language;
}
