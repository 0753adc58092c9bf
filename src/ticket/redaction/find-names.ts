import type { Finder, Finding, ReadSlice } from './finding.ts';
import type { KnownName, KnownNames } from './known-names.ts';
import { isExpectedForm, mayInflect } from './name-forms.ts';
import { introduction, isCommonWord, isFormOfCommonWord, nameWords } from './name-words.ts';

/** The known names, and the language of the ticket, which says which of them are ordinary words; null: not known. */
export type NameSearch = KnownNames & { readonly language: string | null };

/**
 * Finds the known names: full names anywhere, in any case; one part of a name only where it stands like a name, because
 * Bill, Price and Klein are words as well.
 */
export const findNames: Finder = (slice, { names }) => {
  if (names === null) return [];
  const findings: Finding[] = [];
  let from = 0;
  for (let name = names.next(slice.view, from); name !== null; name = names.next(slice.view, from)) {
    const found = [name, names.partAt(slice.view, name.start)].find(
      (candidate) => candidate !== null && isMeant(placeOf(candidate, slice, names)),
    );
    from = name.start + 1;
    if (found === null || found === undefined) continue;
    const { start, text } = found;
    from = start + text.length;
    findings.push({ kind: 'NAME', start, end: from, key: text.replace(/[\s.,_-]+/g, ' ') });
  }
  return findings;
};

const placeOf = (name: KnownName, slice: ReadSlice, names: NameSearch): Place => ({
  ...name,
  slice,
  names,
  end: name.start + name.text.length,
});

type Place = KnownName & {
  readonly slice: ReadSlice;
  readonly names: NameSearch;
  readonly end: number;
};

function isMeant(place: Place): boolean {
  const { names, text, kind } = place;
  // "… the fee rose. May I …" is the end of a sentence and the beginning of another.
  if (/[\p{L}\p{M}]{2,}\.\s/u.test(text)) return false;
  const words = text.split(/[\s.,_-]+/);
  const isCommon = words.every((word) => word.length < 2 || isCommonWord(word, names.language));
  // "…, for the bill, price and date" names no Price, Bill.
  // "I have little hope left" names no Hope Little.
  if (kind === 'reversed') return !isCommon || isCapitalised(place);
  if (kind === 'whole') return !(isCommon && /,\s/.test(text)) || isCapitalised(place);
  // `bill.price` as in the address
  if (kind === 'pair' && /[\p{L}\p{M}][._-][\p{L}\p{M}]/u.test(text)) return true;
  const around = surroundings(place);
  if (kind === 'wholeForm' || kind === 'partForm') return isForm(place, around, words);
  if (isGreeted(place, around, isCommon) || isSigned(place, around, isCommon)) return true;
  const isCapital = isCapitalised(place);
  if (isCommon && !isCapital) return false;
  if (isIntroduced(around)) return true;
  if (isCommon || kind === 'weak' || kind === 'account') return false;
  // At the start of a sentence the capital says nothing.
  if (startsSentence(around) && isFormOfCommonWord(text, names.language)) return false;
  return isCapital && !(kind === 'part' && followsArticle(around));
}

/** In small letters, only longer words are taken for forms of a name. */
const MIN_SURE_FORM = 5;

/** A name with another ending: each of its words must look like a name. */
function isForm(place: Place, around: Around, words: readonly string[]): boolean {
  const { names, kind, text, slice, start } = place;
  const isAnyCommon = words.some(
    (word) => isCommonWord(word, names.language) || isFormOfCommonWord(word, names.language),
  );
  if (kind === 'partForm') {
    const isExpected = isExpectedForm(text, names.language) && !isAnyCommon;
    // At the start of a sentence the capital says nothing.
    return isExpected && isCapitalised(place) && !startsSentence(around);
  }
  // Short words are forms of many names: "any room" is no form of Ana Roy.
  if (!isAnyCommon && words.every((word) => word.length >= MIN_SURE_FORM)) return true;
  // "Any Room" in English is no form of Ana Roy.
  if (!mayInflect(names.language) && !isExpectedForm(text, names.language)) return false;
  const shown = [...slice.cased.slice(start, place.end).matchAll(/[\p{L}\p{M}'’]+/gu)].map(([word]) => word);
  return shown.every((word) => word[0] !== word[0]?.toLowerCase() || nameWords.particles.has(word));
}

/** Characters that are read on each side of a name. */
const REACH = 90;

type Around = {
  /** The line before and after the name. */
  readonly before: string;
  readonly after: string;
  readonly isFirstLine: boolean;
};

function surroundings({ slice: { view }, start, end }: Place): Around {
  const before = view.slice(Math.max(0, start - REACH), start);
  const after = view.slice(end, end + REACH);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = after.indexOf('\n');
  return {
    before: before.slice(lineStart),
    after: lineEnd === -1 ? after : after.slice(0, lineEnd),
    isFirstLine: lineStart === 0 && start <= REACH,
  };
}

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{M}]+/gu) ?? [];

/** "Hi Bill,", "Sehr geehrter Herr Klein": a greeting and nothing else before the name on its line. */
function isGreeted(place: Place, { before, after }: Around, isCommon: boolean): boolean {
  const words = wordsOf(before);
  if (words.length === 0 || words.length > 5) return false;
  if (!words.every((word) => nameWords.greetings.has(word) || nameWords.titles.has(word))) return false;
  const ends = /^\s*(?:$|[,!.:;،、-])/.test(after);
  // "Hi, Can you …" greets nobody.
  return isCommon ? ends && !before.includes(',') && isCapitalised(place) : ends || isCapitalised(place);
}

/** The name on a line of its own, or after a closing or thanks: "Viele Grüße, Frank". */
function isSigned(place: Place, around: Around, isCommon: boolean): boolean {
  // Only what follows the last sentence on the line: "Please call. Thanks, Bill"
  const before = around.before.slice(
    Math.max(...['. ', '! ', '? '].map((sign) => around.before.lastIndexOf(sign) + 1)),
  );
  const after = around.after;
  if (before.length + after.length > 60 || /[\d?]/.test(before + after)) return false;
  const others = [...wordsOf(before), ...wordsOf(after)].filter(
    (word) => word.length > 1 && !place.names.isNameWord(word) && !nameWords.titles.has(word),
  );
  if (others.length > 0) return wordsOf(after).length === 0 && others.every((word) => nameWords.closings.has(word));
  if (closesAbove(place, around)) return true;
  const isWholeLine = before === around.before;
  if (isCommon) return !around.isFirstLine && isCapitalised(place) && endsText(place, around);
  return isWholeLine ? !around.isFirstLine : isCapitalised(place);
}

/** The line above is a closing: "Kind regards,". */
function closesAbove({ slice: { view }, start }: Place, { before }: Around): boolean {
  const lineStart = start - before.length;
  const above =
    view
      .slice(Math.max(0, lineStart - REACH), lineStart)
      .trimEnd()
      .split('\n')
      .at(-1) ?? '';
  const words = wordsOf(above);
  return words.length > 0 && words.length <= 6 && words.every((word) => nameWords.closings.has(word));
}

/** Below a signature come at most a few short lines: a company, a telephone number. */
function endsText({ slice: { view }, end }: Place, { after }: Around): boolean {
  const rest = view.slice(end + after.length, end + after.length + 4 * REACH);
  if (rest.length === 4 * REACH) return false;
  const lines = rest.split('\n').filter((line) => line.trim() !== '');
  return lines.length <= 4 && lines.every((line) => line.length <= 60);
}

/** "This is …", "ich heiße …", "Herr …", "…さん" */
function isIntroduced({ before, after }: Around): boolean {
  if (introduction.test(before) || titleBehind.test(after)) return true;
  const { title, dot } = /(?<!\p{L})(?<title>[\p{L}\p{M}]{1,12})(?<dot>\.?) $/u.exec(before)?.groups ?? {};
  if (title === undefined || !nameWords.titles.has(title)) return false;
  // "a joy to miss. Fields …" ends a sentence.
  return dot === '' || !wholeTitle.test(title);
}

/** Titles that are no abbreviations. */
const wholeTitle = /^(?:miss|sir|madam|mister|frau|herrn?|monsieur|madame|don|lady|pan[ai]?|bay|heer)$/;

/** Titles and "my name is" that stand behind a name. */
const titleBehind = /^ ?(?:です|でした|と申|と言い|といい|さん|様|さま|氏|より|先生|女士|小姐|입니다|씨|님)/;

const startsSentence = ({ before }: Around) => /(?:^|[.!?:]\s)[^\p{L}]*$/u.test(before);

/** "the Bill", "der Koch": an article before a capital is followed by a noun. */
function followsArticle({ before }: Around): boolean {
  const word = /(?<!\p{L})(?<word>[\p{L}\p{M}]{1,12}) $/u.exec(before)?.groups?.word;
  return word !== undefined && nameWords.articles.has(word);
}

/** Begins with a capital, or is in a script without capitals. Where all words are in capitals, that says nothing. */
function isCapitalised({ slice: { cased }, start, end, text, names }: Place): boolean {
  const shown = cased.slice(start, end);
  const first = shown[0] ?? '';
  if (first.toLowerCase() === first.toUpperCase()) return /\p{L}/u.test(first);
  if (first === first.toLowerCase()) return false;
  const isAllCapitals = shown.length > 1 && shown === shown.toUpperCase();
  if (!isAllCapitals || !isCommonWord(text, names.language)) return true;
  const near = cased.slice(Math.max(0, start - 40), end + 40).replace(shown, '');
  return near !== near.toUpperCase();
}
