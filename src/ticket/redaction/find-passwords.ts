import type { Slice } from './finding.ts';
import { isBlank, isOrdinary, looksLikePassword, withoutPunctuation } from './password-value.ts';
import {
  adjective,
  adverb,
  belonging,
  changeVerb,
  codeWord,
  notAdjacent,
  passwordWord,
  passwordWordInOtherScripts,
  secretWord,
  verb,
} from './password-words.ts';

const quotes = '"\'`“”„«»‹›「」『』';
const quote = `[${quotes}]`;
const value = `[^\\s\\0<>${quotes}]{3,200}`;
/** A value with or without quotes around it. */
const quotedValue = `(?<open>${quote})?(?<value>${value})(?<close>${quote})?`;
/** The rest of a setting's name after the word: `PASSWORD_1`, `password.value`, `passwords`. */
const nameEnd = '(?:[_.-][a-z0-9_.-]{0,30}|[0-9]{1,3}|s)?(?![a-z0-9])';

const anyWord = new RegExp(
  `(?<password>${passwordWord})|(?<otherScript>${passwordWordInOtherScripts})|(?<secret>${secretWord})|(?<code>${codeWord})`,
  'g',
);

// Patterns of what follows such a word. All are sticky: they are matched where the word ends.
const assignment = new RegExp(
  `(?<name>${nameEnd})${adjective}(?<nameQuote>${quote})?[ \\t]{0,5}(?<sign>=>|:=|={1,2}|:|→)[ \\t]{0,5}(?:${quote}(?<quoted>[^"\`“”„«»‹›「」『』\\n\\0]{1,200}?)${quote}|(?<bare>[^\\s\\0"\`“”„«»‹›「」『』<>]{3,200}))`,
  'y',
);
/** `<password>hunter2</password>` */
const element = new RegExp(`${nameEnd}>(?<value>[^<>\\s\\0]{1,200})(?=<)`, 'y');
/** `--password hunter2` */
const flag = new RegExp(`${nameEnd}[ =]${quote}?(?<value>${value})`, 'y');
const below = new RegExp(
  `${nameEnd}[ \\t]{0,5}(?::[ \\t]{0,5}(?:\\r?\\n[ \\t]{0,5}){1,3}|\\r?\\n[ \\t]{0,5})(?<value>${value})(?=[ \\t]{0,5}(?:\\r?\\n|$))`,
  'y',
);
const said = new RegExp(
  `s?${adjective}(?:${belonging}'?[ \\t]{1,3}${verb}${adverb}|'s)(?<colon>[ \\t]?:)?[ \\t\\n]{1,3}${quotedValue}`,
  'y',
);
const changed = new RegExp(`s?(?: [a-z]{1,15}){0,4}? (?:to|auf|a|por|para|pour) ${quotedValue}`, 'y');
const adjacent = new RegExp(`s?(?:[ \\t]|[ \\t]{0,3}[-|][ \\t]{0,3})${quotedValue}`, 'y');
const otherScript = new RegExp(
  `[^\\s。、！？:=「『"'a-z0-9]{0,12}?(?:[ \\t]{1,3}[\\u0370-\\u06ff\\uac00-\\ud7af]{1,15}){0,4}?[ \\t]{0,3}(?<link>は|が|を|って|是|为|為|이|가|은|는|это|είναι|ειναι|הוא|היא|هي|هو|كانت|كان|إلى|الى|:|=|،)?[ \\t]{0,3}(?<open>${quote})?(?<value>(?:(?![<>"'\`])[!-~]){3,200}|[\\u0600-\\u06ff]{2,30}[0-9]{1,10}|(?<=${quote})[^\\s\\0<>${quotes}]{2,60}(?=${quote}))(?<close>${quote})?(?<after>です|でした|だ|。)?`,
  'y',
);
const code =
  /(?<link>(?:[^\S\n]{0,3}(?:[:=#]|は|هو|هي)|[^\S\n]{1,3}(?:is|was|ist|war|lautet|est|es|era|e|foi)(?![a-z]))?[^\S\n]{0,3})(?<value>(?:\d{3,4}[ -]\d{3,4}|\d{3,8})[#*]?)(?![\w%]|[.,]\d)/y;

/** "hunter2 is my password": the password comes before the word. */
const reversed = new RegExp(
  `(?<=^|[\\s"'(])(?=[^\\s]{0,60}[0-9])(?<value>${value}) (?:is|was|ist|war|est|es|e) (?:my|our|the|mein|unser|das|mon|notre|le|mi|la|nuestra|minha|a) (?:[a-z]{2,12} )?${passwordWord}`,
  'g',
);

type Range = { readonly start: number; readonly end: number };
type Groups = Readonly<Record<string, string | undefined>>;

/** The position of a word for a password, a token or a code. */
type Place = Range & { readonly view: string };

/** Finds passwords, tokens and codes after a word for one: in sentences, in settings and in forms. */
export function findPasswords({ view }: Slice): Range[] {
  const found = [...view.matchAll(anyWord)].flatMap((match) => {
    const place = { view, start: match.index, end: match.index + match[0].length };
    const range = findAfter(place, match.groups ?? {});
    return range === null ? [] : [range];
  });
  return [...found, ...findReversed(view)];
}

function findAfter(place: Place, { otherScript: isInOtherScript, secret, code: codeName }: Groups): Range | null {
  if (isInOtherScript !== undefined) return findInOtherScripts(place);
  if (codeName !== undefined) return findCode(place, codeName);
  const written =
    findAssigned(place, { isSecret: secret !== undefined }) ?? findInElement(place) ?? findAfterFlag(place);
  if (written !== null) return written;
  if (secret !== undefined) return findSaidSecret(place);
  return findSaid(place) ?? findChanged(place) ?? findBelow(place) ?? findAdjacent(place);
}

type Found = { readonly end: number; readonly groups: Groups };

/** Matches a sticky pattern at a position. */
function matchAt(pattern: RegExp, view: string, at: number): Found | null {
  pattern.lastIndex = at;
  const match = pattern.exec(view);
  return match === null ? null : { end: match.index + match[0].length, groups: match.groups ?? {} };
}

/**
 * Returns the range of the group `value` without the punctuation at its end, if `accepts` returns true for that text.
 */
function valueRange(match: Found | null, accepts: (core: string, groups: Groups) => boolean): Range | null {
  const text = match?.groups.value;
  if (match === null || text === undefined) return null;
  const { close = '', after = '' } = match.groups;
  const start = match.end - after.length - close.length - text.length;
  const core = withoutPunctuation(text);
  return core !== '' && accepts(core, match.groups) ? { start, end: start + core.length } : null;
}

const isWords = (text: string) => /^\p{L}+(?: \p{L}+)+$/u.test(text);
const hasLetter = (text: string) => /[a-z]/.test(text);
const hasDigit = (text: string) => /\d/.test(text);

function findAssigned({ view, start, end }: Place, { isSecret }: { isSecret: boolean }): Range | null {
  const match = matchAt(assignment, view, end);
  if (match === null) return null;
  const { quoted, bare = '', sign = '', name = '', nameQuote } = match.groups;
  // `DB_PASSWORD: x`, `password = x` and `"password": "x"` are settings, with any value.
  const isSetting =
    sign.includes('=') ||
    name !== '' ||
    nameQuote !== undefined ||
    /[a-z0-9][_.-]/.test(view.slice(Math.max(0, start - 2), start));
  const isNone = isSetting ? isBlank : isOrdinary;
  if (quoted !== undefined) {
    // `token = "see portal"`: tokens and keys are no words; a secret may be.
    if (isSecret && isWords(quoted) && !view.slice(start, end).includes('secret')) return null;
    return isNone(quoted) ? null : { start: match.end - 1 - quoted.length, end: match.end - 1 };
  }
  const unquoted = bare.replace(/^'/, '');
  const core = withoutPunctuation(
    (sign.includes('=') ? (unquoted.split(/[;&]/)[0] ?? '') : unquoted).replace(/'$/, ''),
  );
  const from = match.end - unquoted.length;
  const range = { start: from, end: from + core.length };
  if (core.length < 3 || isNone(core)) return null;
  if (isSetting) return range;
  if (isSecret) return core.length >= 8 && hasDigit(core) && looksLikePassword(core) ? range : null;
  if (core.length < 4) return null;
  const endsLine = /^[ \t.]{0,5}(?:\r?\n|$|[,;|/])/.test(view.slice(range.end, range.end + 8));
  return endsLine || looksLikePassword(core) ? range : null;
}

function findInElement({ view, start, end }: Place): Range | null {
  if (!/<[\w:.-]{0,40}$/.test(view.slice(Math.max(0, start - 42), start))) return null;
  return valueRange(matchAt(element, view, end), (core) => !isBlank(core));
}

function findAfterFlag({ view, start, end }: Place): Range | null {
  if (!/(?:^|\s)--[\w-]{0,30}$/.test(view.slice(Math.max(0, start - 34), start))) return null;
  return valueRange(matchAt(flag, view, end), (core) => !isBlank(core));
}

function findSaid({ view, end }: Place): Range | null {
  const match = matchAt(said, view, end);
  // After "lautet" and after a colon, only the password can follow.
  const isAnnounced = match?.groups.colon !== undefined || /lautete? /.test(view.slice(end, match?.end ?? end));
  return valueRange(
    match,
    (core, { open }) => looksLikePassword(core) || ((isAnnounced || open !== undefined) && !isOrdinary(core)),
  );
}

/** "The token is …": such words have other meanings too, so the value must look like a key. */
function findSaidSecret({ view, end }: Place): Range | null {
  return valueRange(
    matchAt(said, view, end),
    (core) => core.length >= 8 && hasDigit(core) && hasLetter(core) && looksLikePassword(core),
  );
}

/** "changed my password to …", "Passwort habe ich auf … geändert" */
function findChanged({ view, start, end }: Place): Range | null {
  const match = matchAt(changed, view, end);
  if (match === null) return null;
  const around = `${view.slice(Math.max(0, start - 40), start)} ${view.slice(end, match.end + 20)}`;
  if (!changeVerb.test(around)) return null;
  return valueRange(
    match,
    (core, { open }) =>
      (open !== undefined && !isOrdinary(core)) || (core.length >= 6 && hasLetter(core) && looksLikePassword(core)),
  );
}

/** The password on the line below its name. */
function findBelow({ view, end }: Place): Range | null {
  return valueRange(
    matchAt(below, view, end),
    (core) => core.length >= 6 && hasLetter(core) && looksLikePassword(core),
  );
}

/** "my password hunter2 does not work": without a verb, only a mix of letters and digits is accepted, or a quotation. */
function findAdjacent({ view, end }: Place): Range | null {
  return valueRange(
    matchAt(adjacent, view, end),
    (core, { open, close }) => isMixed(core) || (open !== undefined && close !== undefined && !isOrdinary(core)),
  );
}

function findReversed(view: string): Range[] {
  return [...view.matchAll(reversed)].flatMap(({ index, groups }) => {
    const core = withoutPunctuation(groups?.value ?? '');
    return isMixed(core) ? [{ start: index, end: index + core.length }] : [];
  });
}

function isMixed(core: string): boolean {
  return core.length >= 6 && hasDigit(core) && hasLetter(core) && looksLikePassword(core) && !notAdjacent.test(core);
}

/** "is" and ":" in Arabic and Chinese, after which only the password can follow. */
const announcing = /^(?::|=|это|ειναι|הוא|היא|هي|هو|كانت|كان|是|为|為)$/;

function findInOtherScripts({ view, end }: Place): Range | null {
  return valueRange(matchAt(otherScript, view, end), (core, { link = '', open, after }) => {
    if (isOrdinary(core)) return false;
    // Words in these scripts are also quoted for other reasons: パスワードの「再発行」ボタン.
    if (/^[^!-~]/.test(core)) return announcing.test(link) || link === 'は' || (open === undefined && link !== '');
    if (core.length < 4) return false;
    if (announcing.test(link) || open !== undefined || after !== undefined) return true;
    return looksLikePassword(core) && ((link !== '' && link !== '،') || hasLetter(core));
  });
}

function findCode({ view, end }: Place, name: string): Range | null {
  return valueRange(matchAt(code, view, end), (digits, { link = '' }) => {
    // "pin 12", "TAN 2019": without a verb, the number must be as long as such a code.
    if (link.trim() !== '') return true;
    if (/^(?:c[vs]|karten)/.test(name)) return digits.length <= 4;
    return digits.length >= (/^(?:tan|otp|puk)/.test(name) ? 6 : 4);
  });
}
