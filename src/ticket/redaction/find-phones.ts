import { type DigitGroup, type DigitRun, findDigitRuns } from './digit-runs.ts';
import type { Finder, Finding } from './finding.ts';
import type { NumberMeanings } from './number-meanings.ts';
import type { PhoneChecker } from './phone-checker.ts';

/** Numbers of digits. E.164 allows 15; national numbers in use have at least 8, local ones 6 or 7. */
const MAX_DIGITS = 15;
const MIN_DIGITS = 8;
const MIN_LOCAL_DIGITS = 6;
/** For a number without separators. */
const MIN_BARE_DIGITS = 9;
/**
 * Links that call or write to a number. In links of WhatsApp, Signal and Telegram it has a country code but no plus.
 */
const linkBefore =
  /(?:(?:tel|callto|sms|smsto|facetime(?:-audio)?|whatsapp|viber|skype):(?:\/\/)?|(?:phone(?:number)?|number|tel)=)\+?$/;
const internationalLinkBefore =
  /(?:wa\.me\/|t\.me\/|signal\.me\/#p\/|(?:whatsapp\.com|whatsapp:|viber:|tg:)[^\s]{0,60}[?&](?:phone|number)=)\+?$/;
/** `#8842`, `NN-48213`, `PH1234567890`, `order_123`: a letter or sign that makes the digits part of a reference. */
const tiedToReference = /(?:#[ ]?|[a-z0-9]\p{M}*[-_/]?|\d[.])$/u;

/**
 * Finds phone numbers: international ones that libphonenumber considers possible, those that a word calls so, and
 * national ones in a form that people write: with spaces, brackets or a leading 0, valid in a likely country. Numbers
 * that a word calls something else stay, and so do dates and prices.
 */
export const findPhones: Finder = ({ view, meanings }, context) => {
  const findings: Finding[] = [];
  const checker = context.phoneNumbers.startSlice();
  const references = new Set<string>();
  for (const run of findDigitRuns(view)) {
    const form = formOf(view, run);
    if (form !== null) {
      const lead = leadOf({ view, run, first: 0, end: run.groups.at(-1)?.end ?? 0, meanings });
      if (lead === 'reference') references.add(form);
      // "part no. 030-4471-882 does not fit, the drawing shows 030-4471-883"
      if (lead === 'nothing' && references.has(form)) continue;
    }
    let before: number | null = null;
    for (let first = 0; first < run.groups.length; first++) {
      if (!mayStart({ view, run, first, before })) continue;
      const found = findFrom({ view, run, first, checker, meanings });
      if (found === null) continue;
      const last = run.groups[found.last];
      if (last === undefined) continue;
      const start =
        first === 0 && run.plusAt !== null ? run.plusAt : openBracket(view, run.groups[first]?.start ?? 0, last.end);
      findings.push({ kind: 'PHONE', start, end: endOfExtension(view, last.end), key: found.key });
      first = found.last;
      before = found.last;
    }
  }
  return findings;
};

/** The most characters of a number that has a form, and the fewest digits that two numbers of one form share. */
const MAX_FORM = 24;
const MIN_SHARED = 6;

/**
 * What numbers of one kind have in common: all but the last group, and the length of that. Null where the groups stand
 * apart, so that a phone number might follow a reference.
 */
function formOf(view: string, { groups, plusAt }: DigitRun): string | null {
  const [first, last] = [groups[0], groups.at(-1)];
  if (first === undefined || last === undefined || groups.length < 3 || plusAt !== null) return null;
  const shared = view.slice(first.start, last.start);
  if (last.end - first.start > MAX_FORM || /[^\d./-]/.test(shared)) return null;
  return shared.replace(/\D/g, '').length < MIN_SHARED ? null : `${shared}${last.digits.length}`;
}

/**
 * Within a row of digits a phone number starts only with 0 or a bracket, after another one, or where a gap divides the
 * row: the middle of a longer number is none.
 */
function mayStart(options: { view: string; run: DigitRun; first: number; before: number | null }): boolean {
  const { view, run, first, before } = options;
  const group = run.groups[first];
  const previous = run.groups[first - 1];
  // The cents of an amount: 20,00
  const start = group?.start ?? 0;
  if ((group?.digits.length ?? 0) <= 2 && /\d,$/.test(view.slice(Math.max(0, start - 2), start))) return false;
  if (group === undefined || previous === undefined || before === first - 1) return true;
  const gap = view.slice(previous.end, group.start);
  if (/[\n(]|\s[/-]\s|\s{2}/.test(gap)) return true;
  return !isInRow({ view, run, index: first }) && /\s$/.test(gap) && group.digits.startsWith('0');
}

/** The most groups of a number that are compared. */
const MAX_ROW = 8;

/**
 * "0815 4711 2233": all groups around this one have its size, so they are one number. In a row of more digits than a phone
 * number has, the last group may be shorter.
 */
function isInRow({ view, run, index }: { view: string; run: DigitRun; index: number }): boolean {
  const size = run.groups[index]?.digits.length;
  const belongs = (at: number) => {
    const [left, right] = [run.groups[at], run.groups[at + 1]];
    return left !== undefined && right !== undefined && /^[ -]$/.test(view.slice(left.end, right.start));
  };
  let first = index;
  while (index - first < MAX_ROW && belongs(first - 1)) first--;
  let last = index;
  while (last - index < MAX_ROW && belongs(last)) last++;
  const row = run.groups.slice(first, last + 1);
  const rest = row.length * (size ?? 0) > MAX_DIGITS + (size ?? 0) ? row.pop() : undefined;
  return row.every(({ digits }) => digits.length === size) && (rest?.digits.length ?? 0) <= (size ?? 0);
}

type Candidate = {
  readonly groups: readonly DigitGroup[];
  readonly digits: string;
  readonly isInternational: boolean;
  readonly hasBracket: boolean;
  readonly startsWithBracket: boolean;
  /** Another group follows after a dash, dot or slash: then this is the first part of a longer number. */
  readonly isCutOff: boolean;
};

/** What the text around a number says: "call me at" announces a phone number, "order" and `#` a reference. */
type Lead = 'announced' | 'reference' | 'nothing';

/** Returns the longest phone number that starts with this group; null when there is none. */
function findFrom(options: {
  view: string;
  run: DigitRun;
  first: number;
  checker: PhoneChecker;
  meanings: NumberMeanings;
}): { last: number; key: string } | null {
  const { view, run, first, checker, meanings } = options;
  const start = run.groups[first]?.start ?? 0;
  const isLinked = internationalLinkBefore.test(view.slice(Math.max(0, start - 90), start));
  const isInternational = isLinked || (first === 0 && run.plusAt !== null);
  const windows: (Candidate & { readonly last: number })[] = [];
  let digits = '';
  for (let last = first; last < run.groups.length; last++) {
    digits += run.groups[last]?.digits ?? '';
    if (digits.length > MAX_DIGITS + 2) break;
    const groups = run.groups.slice(first, last + 1);
    if (digits.length < MIN_LOCAL_DIGITS || !hasPhoneGroups({ groups, digits })) continue;
    const end = run.groups[last]?.end ?? start;
    // 31.0.101.5186: no telephone number has a group of one digit between dots.
    if (!isInternational && /^(?!00)\d+\.(?:\d+\.)*\d\.[\d.]+$/.test(view.slice(start, end))) continue;
    const startsWithBracket = view[start - 1] === '(' && groups.length > 1;
    const hasBracket = view[start - 1] === '(' || view.slice(start, end).includes('(');
    const next = run.groups[last + 1];
    const isCutOff = next !== undefined && /^[.\-/_]$/.test(view.slice(end, next.start));
    windows.unshift({ last, groups, digits, isInternational, hasBracket, startsWithBracket, isCutOff });
  }
  const usable = withinLine({ view, windows });
  const longest = usable[0];
  if (longest === undefined) return null;

  const end = longest.groups.at(-1)?.end ?? start;
  const found = isInternational
    ? (findInternational({ windows: usable, checker }) ??
      (isLinked ? usable.find((candidate) => candidate.digits.length <= MAX_DIGITS) : undefined))
    : findByLead({ windows: usable, checker, lead: leadOf({ view, run, first, end, meanings }) });
  return found === undefined ? null : { last: found.last, key: checker.keyOf(found) };
}

/** A number goes on after a line break or the end of a sentence only where it has too few digits before. */
function withinLine<Window extends Candidate>({ view, windows }: { view: string; windows: Window[] }): Window[] {
  const inLine = windows.filter(
    ({ groups }) => !/\n|\.\s/.test(view.slice(groups[0]?.start ?? 0, groups.at(-1)?.end ?? 0)),
  );
  return inLine.some(({ digits }) => digits.length >= MIN_DIGITS) ? inLine : windows;
}

type Search<Window> = { readonly windows: readonly Window[]; readonly checker: PhoneChecker };

function findInternational<Window extends Candidate>({ windows, checker }: Search<Window>): Window | undefined {
  return (
    windows.find((candidate) => isInternationalPhone(candidate, checker.isValid)) ??
    windows.find((candidate) => isInternationalPhone(candidate, checker.isPossible))
  );
}

function findByLead<Window extends Candidate>(options: Search<Window> & { readonly lead: Lead }): Window | undefined {
  const { windows, checker, lead } = options;
  // Nobody writes a reference as (415) 555-2671.
  if (lead === 'reference') return windows.find((window) => window.startsWithBracket && hasPhoneForm(window));
  return findInternational({ windows, checker }) ?? findNational({ windows, lead, checker });
}

function isInternationalPhone({ digits, isInternational }: Candidate, test: (digits: string) => boolean): boolean {
  if (isInternational) return digits.length >= 7 && digits.length <= MAX_DIGITS && test(digits);
  return digits.startsWith('00') && digits.length >= 10 && test(digits.slice(2));
}

function findNational<Window extends Candidate>(options: {
  windows: readonly Window[];
  lead: Lead;
  checker: PhoneChecker;
}): Window | undefined {
  const { windows, lead, checker } = options;
  if (lead === 'reference') return undefined;
  const fitting = windows.filter(({ digits }) => digits.length <= 13);
  if (lead === 'announced') return fitting.find(({ digits }) => checker.isNational(digits)) ?? fitting[0];
  return fitting.find((window) => {
    if (window.digits.length < MIN_DIGITS || window.isCutOff) return false;
    return hasPhoneForm(window) || (isPlausible(window) && checker.isNational(window.digits));
  });
}

/**
 * False for bare figures without a leading 0 and for rows of small ones: they are valid in some country, but mostly not
 * phone numbers.
 */
function isPlausible({ groups, digits }: Candidate): boolean {
  if (groups.length === 1) return digits.startsWith('0') && digits.length >= MIN_BARE_DIGITS;
  return digits.startsWith('0') || groups.some((group) => group.digits.length > 2);
}

function leadOf(options: { view: string; run: DigitRun; first: number; end: number; meanings: NumberMeanings }): Lead {
  const { view, run, first, meanings } = options;
  const start = run.groups[first]?.start ?? 0;
  const before = view.slice(Math.max(0, start - 40), start).replace(/[( ]+$/, ' ');
  if (linkBefore.test(before)) return 'announced';
  // `PH1234567890` has a letter or two for its kind.
  if (/(?<![a-z])[a-z]{1,2}$/.test(before)) return 'reference';
  const meaning = meanings.of({ start, end: options.end });
  if (meaning === 'phone') return 'announced';
  if (meaning !== null && meaning !== 'ip') return 'reference';
  return tiedToReference.test(before) ? 'reference' : 'nothing';
}

/** True for forms such as (415) 555-2671 and 415-555-2671, which only phone numbers have, even numbers not in use. */
function hasPhoneForm({ groups, hasBracket }: Candidate): boolean {
  const sizes = groups.map((group) => group.digits.length).join(' ');
  return /^(?:1 )?3 3 4$/.test(sizes) || (hasBracket && /^(?:[01] )?[2-5](?: [2-8]){1,4}$/.test(sizes));
}

/** True for digits in groups, or each alone, but not a mixture of both, and not one digit repeated. */
function hasPhoneGroups({ groups, digits }: Pick<Candidate, 'groups' | 'digits'>): boolean {
  // The 0 of "+33 (0)6 12 …" is no group of its own.
  const counted = groups.filter((group, index) => index !== 1 || group.digits !== '0');
  const singles = counted.filter((group) => group.digits.length === 1).length;
  return (singles <= 1 || singles === counted.length) && !/^(\d)\1+$/.test(digits);
}

/** The bracket before a number belongs to it where it is closed within: "(030) 123", not "(030 123)". */
function openBracket(view: string, start: number, end: number): number {
  return view[start - 1] === '(' && view.slice(start, end).includes(')') ? start - 1 : start;
}

const extension = / ?(?:,|-)? ?(?:ext(?:ension)?|x|durchwahl|dw|anexo|ramal|poste|内線)\.? ?:? ?\d{1,6}(?!\d)/y;

function endOfExtension(view: string, end: number): number {
  extension.lastIndex = end;
  return end + (extension.exec(view)?.[0].length ?? 0);
}
