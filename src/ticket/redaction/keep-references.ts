import { cover, KEPT, rangesOf } from './folded-text.ts';

// Amounts, dates and versions can look like phone numbers, but are needed to understand a ticket, so they must stay.
const currency =
  '(?:[$€£¥₹₩]|(?:usd|eur|gbp|cad|aud|chf|jpy|brl|mxn|inr|sar|aed|us\\$|r\\$|kr|zl|円|euros?|dollars?|pounds?|reais|dolares|ريال|درهم)(?![\\p{L}]))';
const amount = "\\d{1,3}(?:[.,' ]\\d{3}){0,3}(?:[.,]\\d{1,2})?(?![\\d])|\\d{1,7}(?:[.,]\\d{1,2})?(?!\\d)";
const patterns = [
  new RegExp(`(?<!\\p{L})${currency} ?(?:${amount})(?![.-]\\d)`, 'gu'),
  new RegExp(`(?<![\\d.,-])(?:${amount}) ?${currency}`, 'gu'),
  // 2026-11-22, 22.11.2026, 11/22/26, with or without a time
  /(?<!\d[.\-/ ]?)(?:19|20)\d\d([-./])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?:[t ]\d{1,2}:\d\d(?::\d\d)?)?(?![.\-/]?\d)/g,
  /(?<!\d[.\-/ ]?)(?:0?[1-9]|[12]\d|3[01])([-./])(?:0?[1-9]|[12]\d|3[01])\1(?:19|20)\d\d(?:,? \d{1,2}:\d\d(?::\d\d)?)?(?![.\-/]?\d)/g,
  /(?<!\d[.\-/ ]?)(?:0?[1-9]|[12]\d|3[01])([-./])(?:0?[1-9]|1[0-2])\1\d\d(?![.\-/ ]?\d)/g,
  /(?<=(?:version|versao|firmware|release|build|update|fw|sw|ver|v)[.:# ]{0,3})\d+(?:\.\d+){1,6}/g,
];

/** Returns the view with dates, amounts and versions covered, so that no finder takes them for part of a number. */
export function keepReferences(view: string): string {
  return patterns.reduce((rest, pattern) => cover(rest, rangesOf(rest, pattern), KEPT), view);
}
