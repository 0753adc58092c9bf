import { isOrdinaryWord } from './ordinary-words.ts';

/** Values that are no passwords: addresses, dates, times, amounts, sizes, order numbers and versions. */
const notPassword = new RegExp(
  `^(?:${[
    '(?:https?:|www\\.).*',
    '[^\\s@]+@[^\\s@]+\\.[a-z]{2,24}',
    '[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.(?:com|org|net|io|example|de|fr|es|pt|jp)(?:/.*)?',
    '\\d{1,4}([-./:])\\d{1,2}(?:\\1\\d{1,4})?(?:t.*)?',
    '[$€£¥]\\d+(?:[.,]\\d+)*',
    '\\d+(?:[.,]\\d+)+(?:[€%$£¥]|eur|usd)?',
    '\\d+(?:[€%$£¥]|eur|usd)',
    '\\d+(?:x|ms|s|sec|min|h|hrs?|gb|mb|kb|px|st|nd|rd|th|er|eme|k)',
    '#\\d+',
    'v\\d+(?:\\.\\d+){1,3}',
  ].join('|')})$`,
);

/** Removes punctuation at the end, which belongs to the sentence and not to the password. */
export function withoutPunctuation(text: string): string {
  return text.replace(/(?:[.,;:?)\]}…。、]|\)\.)+$/, '');
}

/** True for ordinary words ("my password is wrong") and for blanks. */
export function isOrdinary(text: string): boolean {
  const core = withoutPunctuation(text.replace(/!+$/, ''));
  return isBlank(core) || isOrdinaryWord(core) || core.split(/[ /-]/).every(isOrdinaryWord);
}

/** True for a placeholder to be filled in, a row of stars or dots, or words such as `null`. */
export function isBlank(text: string): boolean {
  return (
    !/[\p{L}\p{N}]/u.test(text) || /^(?:x{3,}|[$%{<[(].*|\.{3}|n\/a|null|nil|none|undefined|true|false)$/.test(text)
  );
}

/** True for text with a digit or a special character that is not an address, date, time, amount or size. */
export function looksLikePassword(text: string): boolean {
  const core = text.replace(/!+$/, '');
  if (core.length < 4 || isOrdinary(core)) return false;
  if (!/\d/.test(core) && !/[$%^*_#&+=~@|\\]|[?!](?=.)/.test(core)) return false;
  return !notPassword.test(core);
}
