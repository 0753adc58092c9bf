// Of eld, fasttext.wasm.js and tinyld, eld's small model was right most often on the short tickets of
// fixtures/short-tickets.json (detect-language.test.ts holds it to that) and says best when it is unsure.
import { eld } from 'eld/small';

/** Enough to tell a language; reading more only costs time. */
const MAX_READ = 2_000;
/** Below this, what is left are names and codes. A character of Han or kana says as much as several letters. */
const MIN_LETTERS = 8;
const DENSE_WEIGHT = 3;

/** Addresses, mail addresses and codes belong to no language. */
const notLanguage =
  /\bhttps?:\/\/\S{1,500}|\bwww\.\S{1,500}|[^\s@]{1,64}@[^\s@]{1,200}|\[[a-z]{1,20}: [^\]\n]{1,200}\]|[!-~]{0,40}\d[!-~]{0,40}/giu;

/** ISO 639-1 code of the language a text is written in, for example `de`; null when it is not clear. */
export function detectLanguage(text: string): string | null {
  const words = text.slice(0, MAX_READ).replace(notLanguage, ' ');
  const letters = words.match(/\p{L}/gu)?.length ?? 0;
  const dense = words.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0;
  if (letters + (DENSE_WEIGHT - 1) * dense < MIN_LETTERS) return null;
  const result = eld.detect(words);
  return result.language !== '' && result.isReliable() ? result.language : null;
}
