// Of eld, fasttext.wasm.js and tinyld, eld's small model was right most often on the short tickets of
// fixtures/short-tickets.json (detect-language.test.ts holds it to that) and says best when it is unsure.
import { type LanguageModel, loadLanguageModel } from './language-model.ts';

/** Read at the first use: most commands detect no language. */
let model: LanguageModel | null = null;

/** Enough to tell a language; reading more only costs time. */
const MAX_READ = 2_000;
/** Below this, what is left are names and codes. A character of Han or kana says as much as several letters. */
const MIN_LETTERS = 8;
const DENSE_WEIGHT = 3;

/**
 * How far the best language must be ahead of the second, times the letters: the shorter, the further. Without it many a
 * short sentence gets a wrong language; with a larger one, plain short sentences go unanswered. Scripts that few
 * languages share need none.
 */
const MARGIN_LETTERS = 0.7;

/** Below this many letters only these are believed: three English words also look like Malay, Tagalog or Catalan. */
const SHORT = 30;
const commonInShort = new Set(['en', 'es', 'de', 'fr', 'pt', 'it', 'nl', 'pl', 'tr', 'sv', 'cs', 'vi']);

const ownScript = /[\p{sc=Arabic}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u;

/** Addresses, mail addresses and codes belong to no language. */
const notLanguage =
  /\bhttps?:\/\/\S{1,500}|\bwww\.\S{1,500}|[^\s@]{1,64}@[^\s@]{1,200}|\[[a-z]{1,20}: [^\]\n]{1,200}\]|[!-~]{0,40}\d[!-~]{0,40}/giu;

/** ISO 639-1 code of the language a text is written in, for example `de`; null when it is not clear. */
export function detectLanguage(text: string): string | null {
  const words = text.slice(0, MAX_READ).replace(notLanguage, ' ');
  const letters = words.match(/\p{L}/gu)?.length ?? 0;
  const dense = words.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0;
  const weight = letters + (DENSE_WEIGHT - 1) * dense;
  if (weight < MIN_LETTERS) return null;
  model ??= loadLanguageModel();
  const result = model.detect(words);
  if (result.language === '' || !result.isReliable()) return null;
  const isLatin = /\p{sc=Latin}/u.test(words) && !ownScript.test(words);
  if (!isLatin) return result.language;
  if (weight < SHORT && !commonInShort.has(result.language)) return null;
  const [best = 0, second = 0] = Object.values(result.getScores()).toSorted((a, b) => b - a);
  return best - second > MARGIN_LETTERS / weight ? result.language : null;
}
