// The small model of eld was chosen over fasttext.wasm.js and tinyld: on the short tickets of
// fixtures/short-tickets.json it was right most often (detect-language.test.ts checks this) and reported best when it
// was unsure.
import { type LanguageModel, loadLanguageModel } from './language-model.ts';

/** Loaded at the first use, because most commands detect no language. */
let model: LanguageModel | null = null;

/** The first characters of a text, which are enough to detect a language; reading more only takes time. */
const MAX_READ = 2_000;
/** Shorter texts are mostly names and codes. A character of Han, kana or Hangul counts as DENSE_WEIGHT letters. */
const MIN_LETTERS = 8;
const DENSE_WEIGHT = 3;

/**
 * The best language's score must be ahead of the second by this number divided by the number of letters, so short texts
 * need a larger lead. Without it, many short sentences get a wrong language; with a larger number, simple short
 * sentences get none. It applies only to the Latin script, which many languages share.
 */
const MARGIN_LETTERS = 0.7;

/**
 * With fewer letters, only common languages are accepted: three English words also look like Malay or
 * Catalan, and three Russian ones like Serbian.
 */
const SHORT = 30;
const commonInShort = new Set([
  'en',
  'es',
  'de',
  'fr',
  'pt',
  'it',
  'nl',
  'pl',
  'tr',
  'sv',
  'cs',
  'vi',
  'ru',
  'uk',
  'bg',
]);

const ownScript = /[\p{sc=Arabic}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u;

/** URLs, mail addresses, placeholders and codes, which belong to no language. */
const notLanguage =
  /\bhttps?:\/\/\S{1,500}|\bwww\.\S{1,500}|[^\s@]{1,64}@[^\s@]{1,200}|\[[a-z]{1,20}: [^\]\n]{1,200}\]|[!-~]{0,40}\d[!-~]{0,40}/giu;

/** Returns the ISO 639-1 code of the language of a text, for example `de`; null when it is not clear. */
export function detectLanguage(text: string): string | null {
  const words = text.slice(0, MAX_READ).replace(notLanguage, ' ');
  const letters = words.match(/\p{L}/gu)?.length ?? 0;
  const dense = words.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0;
  const weight = letters + (DENSE_WEIGHT - 1) * dense;
  if (weight < MIN_LETTERS) return null;
  model ??= loadLanguageModel();
  const result = model.detect(words);
  if (result.language === '' || !result.isReliable()) return null;
  // Texts in other scripts name products in Latin letters.
  const latin = words.match(/\p{sc=Latin}/gu)?.length ?? 0;
  const isLatin = latin > letters / 2 && !ownScript.test(words);
  const isCyrillic = /\p{sc=Cyrillic}/u.test(words);
  if ((isLatin || isCyrillic) && weight < SHORT && !commonInShort.has(result.language)) return null;
  if (!isLatin) return result.language;
  const [best = 0, second = 0] = Object.values(result.getScores()).toSorted((a, b) => b - a);
  return best - second > MARGIN_LETTERS / weight ? result.language : null;
}
