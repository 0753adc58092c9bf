import { isOrdinaryWord } from './ordinary-words.ts';

/** Addresses, dates, times, amounts, sizes, numbers of orders and versions. */
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

/** The end of the sentence is no part of the password. */
export function withoutPunctuation(text: string): string {
  return text.replace(/(?:[.,;:?)\]}…。、]|\)\.)+$/, '');
}

/** A word that says something of a password, or nothing at all. */
export function isOrdinary(text: string): boolean {
  const core = withoutPunctuation(text.replace(/!+$/, ''));
  return isBlank(core) || isOrdinaryWord(core) || core.split(/[ /-]/).every(isOrdinaryWord);
}

/** A blank to be filled in, or a row of stars. */
export function isBlank(text: string): boolean {
  return (
    !/[\p{L}\p{N}]/u.test(text) || /^(?:x{3,}|[$%{<[(].*|\.{3}|n\/a|null|nil|none|undefined|true|false)$/.test(text)
  );
}

/** Has a digit or a sign as passwords do, and is no address, date, time, amount or size. */
export function isTelling(text: string): boolean {
  const core = text.replace(/!+$/, '');
  if (core.length < 4 || isOrdinary(core)) return false;
  if (!/\d/.test(core) && !/[$%^*_#&+=~@|\\]|[?!](?=.)/.test(core)) return false;
  return !notPassword.test(core);
}
