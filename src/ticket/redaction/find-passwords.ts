import type { Slice } from './finding.ts';
import { isBlank, isOrdinary, isTelling, withoutPunctuation } from './password-value.ts';
import {
  adjective,
  adverb,
  belonging,
  changeVerb,
  codeWord,
  notBeside,
  passwordWord,
  passwordWordElsewhere,
  secretWord,
  verb,
} from './password-words.ts';

const quotes = '"\'`“”„«»‹›「」『』';
const quote = `[${quotes}]`;
const value = `[^\\s\\0<>${quotes}]{3,200}`;
/** With the quotes around it, if there are any. */
const quotedValue = `(?<open>${quote})?(?<value>${value})(?<close>${quote})?`;
/** How the name of a setting goes on: `PASSWORD_1`, `password.value`, `passwords`. */
const nameEnd = '(?:[_.-][a-z0-9_.-]{0,30}|[0-9]{1,3}|s)?(?![a-z0-9])';

const anyWord = new RegExp(
  `(?<password>${passwordWord})|(?<elsewhere>${passwordWordElsewhere})|(?<secret>${secretWord})|(?<code>${codeWord})`,
  'g',
);

// What follows such a word. All are sticky: they are tried where the word ends.
const assignment = new RegExp(
  `(?<name>${nameEnd})${adjective}(?<nameQuote>${quote})?[ \\t]{0,5}(?<sign>=>|:=|={1,2}|:|→)[ \\t]{0,5}(?:${quote}(?<quoted>[^"\`“”„«»‹›「」『』\\n\\0]{1,200}?)${quote}|(?<bare>[^\\s\\0"\`“”„«»‹›「」『』<>]{3,200}))`,
  'y',
);
/** `<password>…</password>` */
const element = new RegExp(`${nameEnd}>(?<value>[^<>\\s\\0]{1,200})(?=<)`, 'y');
/** `--password …` */
const flag = new RegExp(`${nameEnd}[ =]${quote}?(?<value>${value})`, 'y');
const below = new RegExp(
  `${nameEnd}[ \\t]{0,5}:?[ \\t]{0,5}\\r?\\n[ \\t]{0,5}(?<value>${value})(?=[ \\t]{0,5}(?:\\r?\\n|$))`,
  'y',
);
const said = new RegExp(
  `s?${adjective}(?:${belonging}'?[ \\t]{1,3}${verb}${adverb}|'s)(?<colon>[ \\t]?:)?[ \\t\\n]{1,3}${quotedValue}`,
  'y',
);
const changed = new RegExp(`s?(?: [a-z]{1,15}){0,4}? (?:to|auf|a|por|para|pour) ${quotedValue}`, 'y');
const beside = new RegExp(`s?[ \\t]${quotedValue}`, 'y');
const elsewhere = new RegExp(
  `[^\\s。、！？:=「『"'a-z0-9]{0,12}?(?:[ \\t]{1,3}[\\u0600-\\u06ff]{1,15}){0,4}?[ \\t]{0,3}(?<link>は|が|を|って|是|为|為|هي|هو|كانت|كان|إلى|الى|:|=|،)?[ \\t]{0,3}(?<open>${quote})?(?<value>(?:(?![<>"'\`])[!-~]){3,200})(?<close>${quote})?(?<after>です|でした|だ|。)?`,
  'y',
);
const code =
  /(?<link>(?:[^\S\n]{0,3}(?:[:=#]|は|هو|هي)|[^\S\n]{1,3}(?:is|was|ist|war|lautet|est|es|era|e|foi)(?![a-z]))?[^\S\n]{0,3})(?<value>\d{3,4}[ -]\d{3,4}|\d{3,8})(?![\w%]|[.,]\d)/y;

/** "hunter2 is my password" */
const reversed = new RegExp(
  `(?<=^|[\\s"'(])(?=[^\\s]{0,60}[0-9])(?<value>${value}) (?:is|was|ist|war|est|es|e) (?:my|our|the|mein|unser|das|mon|notre|le|mi|la|nuestra|minha|a) (?:[a-z]{2,12} )?${passwordWord}`,
  'g',
);

type Range = { readonly start: number; readonly end: number };
type Groups = Readonly<Record<string, string | undefined>>;

/** Where a word that names a password, a token or a code stands. */
type Place = Range & { readonly view: string };

/** Passwords, tokens and codes that are called so: in sentences, in settings, in forms. */
export function findPasswords({ view }: Slice): Range[] {
  const found = [...view.matchAll(anyWord)].flatMap((match) => {
    const place = { view, start: match.index, end: match.index + match[0].length };
    const range = findAfter(place, match.groups ?? {});
    return range === null ? [] : [range];
  });
  return [...found, ...findReversed(view)];
}

function findAfter(place: Place, { elsewhere: isElsewhere, secret, code: codeName }: Groups): Range | null {
  if (isElsewhere !== undefined) return findElsewhere(place);
  if (codeName !== undefined) return findCode(place, codeName);
  const written =
    findAssigned(place, { isSecret: secret !== undefined }) ?? findInElement(place) ?? findAfterFlag(place);
  if (written !== null) return written;
  if (secret !== undefined) return findSaidSecret(place);
  return findSaid(place) ?? findChanged(place) ?? findBelow(place) ?? findBeside(place);
}

type Found = { readonly end: number; readonly groups: Groups };

/** A sticky pattern at a position. */
function matchAt(pattern: RegExp, view: string, at: number): Found | null {
  pattern.lastIndex = at;
  const match = pattern.exec(view);
  return match === null ? null : { end: match.index + match[0].length, groups: match.groups ?? {} };
}

/** The range of the group `value`, if it is accepted without the punctuation that ends its sentence. */
function valueRange(match: Found | null, accepts: (core: string, groups: Groups) => boolean): Range | null {
  const text = match?.groups.value;
  if (match === null || text === undefined) return null;
  const { close = '', after = '' } = match.groups;
  const start = match.end - after.length - close.length - text.length;
  const core = withoutPunctuation(text);
  return core !== '' && accepts(core, match.groups) ? { start, end: start + core.length } : null;
}

const hasLetter = (text: string) => /[a-z]/.test(text);
const hasDigit = (text: string) => /\d/.test(text);

function findAssigned({ view, start, end }: Place, { isSecret }: { isSecret: boolean }): Range | null {
  const match = matchAt(assignment, view, end);
  if (match === null) return null;
  const { quoted, bare = '', sign = '', name = '', nameQuote } = match.groups;
  // `DB_PASSWORD: x`, `password = x` and `"password": "x"` are settings, whatever the value is.
  const isSetting =
    sign.includes('=') ||
    name !== '' ||
    nameQuote !== undefined ||
    /[a-z0-9][_.-]/.test(view.slice(Math.max(0, start - 2), start));
  const isNone = isSetting ? isBlank : isOrdinary;
  if (quoted !== undefined) {
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
  if (isSecret) return core.length >= 8 && hasDigit(core) && isTelling(core) ? range : null;
  if (core.length < 4) return null;
  const endsLine = /^[ \t.]{0,5}(?:\r?\n|$|[,;|/])/.test(view.slice(range.end, range.end + 8));
  return endsLine || isTelling(core) ? range : null;
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
  // After "lautet" and a colon nothing but the password follows.
  const isAnnounced = match?.groups.colon !== undefined || /lautete? /.test(view.slice(end, match?.end ?? end));
  return valueRange(
    match,
    (core, { open }) => isTelling(core) || ((isAnnounced || open !== undefined) && !isOrdinary(core)),
  );
}

/** "The token is …": of a word with other meanings only what looks like a key. */
function findSaidSecret({ view, end }: Place): Range | null {
  return valueRange(
    matchAt(said, view, end),
    (core) => core.length >= 8 && hasDigit(core) && hasLetter(core) && isTelling(core),
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
      (open !== undefined && !isOrdinary(core)) || (core.length >= 6 && hasLetter(core) && isTelling(core)),
  );
}

/** The password on the line below its name. */
function findBelow({ view, end }: Place): Range | null {
  return valueRange(matchAt(below, view, end), (core) => core.length >= 6 && hasLetter(core) && isTelling(core));
}

/** "my password hunter2 does not work": no verb, so that only letters and digits together count. */
function findBeside({ view, end }: Place): Range | null {
  return valueRange(matchAt(beside, view, end), isMixed);
}

function findReversed(view: string): Range[] {
  return [...view.matchAll(reversed)].flatMap(({ index, groups }) => {
    const core = withoutPunctuation(groups?.value ?? '');
    return isMixed(core) ? [{ start: index, end: index + core.length }] : [];
  });
}

function isMixed(core: string): boolean {
  return core.length >= 6 && hasDigit(core) && hasLetter(core) && isTelling(core) && !notBeside.test(core);
}

/** "The password is", "password:" in Arabic and Chinese: nothing but the password follows. */
const outright = /^(?::|=|هي|هو|كانت|كان|是|为|為)$/;

function findElsewhere({ view, end }: Place): Range | null {
  return valueRange(matchAt(elsewhere, view, end), (core, { link = '', open, after }) => {
    if (core.length < 4 || isOrdinary(core)) return false;
    if (outright.test(link) || open !== undefined || after !== undefined) return true;
    return isTelling(core) && ((link !== '' && link !== '،') || hasLetter(core));
  });
}

function findCode({ view, end }: Place, name: string): Range | null {
  return valueRange(matchAt(code, view, end), (digits, { link = '' }) => {
    // "pin 12", "TAN 2019": without a verb only what is as long as such a code.
    if (link.trim() !== '') return true;
    if (/^(?:c[vs]|karten)/.test(name)) return digits.length <= 4;
    return digits.length >= (/^(?:tan|otp|puk)/.test(name) ? 6 : 4);
  });
}
