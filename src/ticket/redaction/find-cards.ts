import { type DigitGroup, findDigitRuns } from './digit-runs.ts';
import type { Finder, Finding } from './finding.ts';

/** Payment cards have 13 to 19 digits (ISO/IEC 7812; Maestro's 12 are out of use) and start with 2 to 6. */
const MIN_DIGITS = 13;
const MAX_DIGITS = 19;

/** Finds card numbers: digits with a plausible length and first digit, and a right Luhn checksum. */
export const findCards: Finder = ({ view }) => {
  const findings: Finding[] = [];
  for (const { groups } of findDigitRuns(view)) {
    for (let first = 0; first < groups.length; first++) {
      let digits = '';
      let best: { last: number; digits: string } | null = null;
      for (let last = first; last < groups.length; last++) {
        digits += groups[last]?.digits ?? '';
        if (digits.length > MAX_DIGITS) break;
        if (digits.length < MIN_DIGITS || !/^[2-6]/.test(digits)) continue;
        if (isCardGrouping(groups.slice(first, last + 1)) && passesLuhn(digits)) best = { last, digits };
      }
      const [start, end] = [groups[first]?.start, best === null ? undefined : groups[best.last]?.end];
      if (best === null || start === undefined || end === undefined) continue;
      findings.push({ kind: 'CARD', start, end, key: best.digits });
      first = best.last;
    }
  }
  return findings;
};

/**
 * True for groups of one size, or as printed on a card. This excludes an order number, a date and an amount in a row.
 */
function isCardGrouping(groups: readonly DigitGroup[]): boolean {
  const sizes = groups.map((group) => group.digits.length);
  return sizes.slice(0, -1).every((size) => size === sizes[0]) || /^4 6 [45]$/.test(sizes.join(' '));
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
