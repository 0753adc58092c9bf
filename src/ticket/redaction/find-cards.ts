import { type DigitGroup, findDigitRuns } from './digit-runs.ts';
import type { Finder, Finding } from './finding.ts';
import type { NumberMeaning } from './number-words.ts';

const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
/** How card numbers begin and how long they are, by issuer (ISO/IEC 7812; Maestro's 12 digits are out of use). */
const forms: readonly { readonly start: RegExp; readonly lengths: readonly number[] }[] = [
  { start: /^4/, lengths: [13, 16, 19] }, // Visa
  { start: /^(?:5[1-5]|22[2-9]|2[3-6]|27[01]|2720)/, lengths: [16] }, // Mastercard
  { start: /^220[0-4]/, lengths: [16, 17, 18, 19] }, // Mir
  { start: /^3[47]/, lengths: [15] }, // American Express
  { start: /^3(?:0[0-5]|[689])/, lengths: [14, 16, 17, 18, 19] }, // Diners
  { start: /^35/, lengths: [16, 17, 18, 19] }, // JCB
  { start: /^(?:6|5[0678])/, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Discover, UnionPay, RuPay, Maestro
];

function hasCardForm(digits: string): boolean {
  return forms.some(({ start, lengths }) => lengths.includes(digits.length) && start.test(digits));
}

/**
 * Finds card numbers: digits with the beginning and length of an issuer and a right Luhn checksum, unless a word calls
 * them something else (a serial or tracking number).
 */
export const findCards: Finder = ({ view, meanings }) => {
  const findings: Finding[] = [];
  for (const { groups } of findDigitRuns(view)) {
    for (let first = 0; first < groups.length; first++) {
      let digits = '';
      let best: { last: number; digits: string } | null = null;
      for (let last = first; last < groups.length; last++) {
        digits += groups[last]?.digits ?? '';
        if (digits.length > MAX_DIGITS) break;
        if (digits.length < MIN_DIGITS || !hasCardForm(digits)) continue;
        if (isCardGrouping(view, groups.slice(first, last + 1)) && passesLuhn(digits)) best = { last, digits };
      }
      const [start, end] = [groups[first]?.start, best === null ? undefined : groups[best.last]?.end];
      if (best === null || start === undefined || end === undefined) continue;
      if (isCalledOtherwise(meanings.of({ start: startOfRow(groups, first), end }))) continue;
      findings.push({ kind: 'CARD', start, end, key: best.digits });
      first = best.last;
    }
  }
  return findings;
};

const isCalledOtherwise = (meaning: NumberMeaning | null) => meaning === 'reference' || meaning === 'version';

/** Where the row of groups of one size begins that a group is in: a parcel's number is longer than a card's. */
function startOfRow(groups: readonly DigitGroup[], index: number): number {
  let first = index;
  const size = groups[index]?.digits.length;
  while (first > 0 && groups[first - 1]?.digits.length === size) first--;
  return groups[first]?.start ?? 0;
}

/**
 * True for groups of one size, or as printed on a card. This excludes an order number, a date and an amount in a row.
 * Only groups of four go on in the next line or after a dot with a space.
 */
function isCardGrouping(view: string, groups: readonly DigitGroup[]): boolean {
  const sizes = groups.map((group) => group.digits.length);
  const isEven = sizes.slice(0, -1).every((size) => size === sizes[0]);
  if (!isEven) return /^4 6 [45]$/.test(sizes.join(' '));
  return sizes[0] === 4 || !/\n|\.\s/.test(view.slice(groups[0]?.start ?? 0, groups.at(-1)?.end ?? 0));
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
