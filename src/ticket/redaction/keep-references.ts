import { cover, KEPT, rangesOf } from './folded-text.ts';

// Amounts, dates, versions and the numbers of parcels can look like phone numbers, but are needed to understand a ticket, so they must stay.
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
  // Numbers of parcels: DHL and other carriers by GS1 (20 digits), USPS, UPS, and the mail of all countries (UPU S10);
  // orders of a large shop (3-7-7).
  /(?<![\d+])00 ?34(?: ?\d){16}(?!\d)/g,
  /(?<![\d+])9[1-5]\d\d(?: ?\d{4}){4}(?: ?\d\d)?(?![\d-])/g,
  /(?<![a-z0-9])1z ?[a-z0-9]{3} ?[a-z0-9]{3} ?\d{2} ?\d{4} ?\d{4}(?!\d)/g,
  /(?<![a-z0-9])[a-z]{2} ?\d{3} ?\d{3} ?\d{3} ?[a-z]{2}(?![a-z0-9])/g,
  /(?<!\d[-.]?)\d{3}-\d{7}-\d{7}(?![-.]?\d)/g,
  // 40.7127837, -74.0059413: a place.
  /(?<![\d.])-?\d{1,2}\.\d{4,15},? {0,2}-?\d{1,3}\.\d{4,15}(?![.\d])/g,
  // 20951-20960: from one number to another.
  /(?<![\d+(.-])(?:(\d{3,6})\d\d-\1\d\d|(\d{2,6})\d{3}-\2\d{3})(?![.-]?\d)/g,
];

/** Returns the view with dates, amounts, versions and parcels covered, so that no finder takes them for part of a number. */
export function keepReferences(view: string): string {
  return patterns.reduce((rest, pattern) => cover(rest, rangesOf(rest, pattern), KEPT), view);
}
