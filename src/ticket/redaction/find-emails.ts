import type { Finder, Finding } from './finding.ts';
import { isOrdinaryBeforeAt } from './words-before-at.ts';

// Text in Han, kana and Arabic may have no space before an address, so letters of these scripts are not part of it.
const letter = '\\p{sc=Latin}\\p{sc=Cyrillic}\\p{sc=Greek}0-9';
/** A line break inside a long address, as mail programs make it, perhaps with quote marks on the next line. */
const lineBreak = '[ \\t]{0,3}=?\\r?\\n[> \\t]{0,6}';
const dotWord = '(?:dot|punkt|punto|point|ponto|ドット|نقطة)';
const brackets = { open: '[([{<]', close: '[)\\]}>]' };
const at = `(?: {0,2}@ {0,2}|@${lineBreak}|${lineBreak}@| ?${brackets.open} ?(?:at|@|arroba|a|chez|bei|アット|あっと|آت) ?${brackets.close} ?| (?:at|arroba|アット|あっと) (?=[^\\s]{1,60} ?(?:${brackets.open} ?${dotWord} ?${brackets.close}| dot | ?ドット))| ?[★☆◎] ?(?=[a-z0-9-]{1,60}\\.))`;
/** A dot with a space may end a sentence, so it counts only before something that begins no sentence. */
const dot = `(?:\\.| ?${brackets.open} ?(?:${dotWord}|\\.) ?${brackets.close} ?| dot | ?ドット ?| \\. ?(?=\\p{L})|\\. (?=(?:com|org|net|edu|gov|info)(?![\\p{L}\\p{N}]))|\\.${lineBreak}(?=[a-z]{2,24}(?![\\p{L}\\p{N}.])))`;
const label = `[${letter}][${letter}-]{0,62}`;
const domain = `${label}(?:${dot}${label}){1,8}`;
/** A domain that is broken over two lines: `ana@exam` / `ple.com`. */
const brokenDomain = `[a-z0-9-]{1,62}${lineBreak}[a-z0-9-]{1,62}(?:\\.[a-z0-9-]{1,62}){1,4}`;

const localPart = `[${letter}][${letter}._%+'’&=!#$*/?^{|}~-]{0,63}`;
const address = new RegExp(`(?:"${localPart}"|${localPart})${at}(?:${domain}|\\[[0-9a-f:.]{3,45}\\])`, 'gu');
const brokenAddress = new RegExp(`[a-z0-9][a-z0-9._%+'-]{0,63}@${brokenDomain}`, 'gu');
// 太郎@example.jp, and addresses with domains in other scripts.
const foreignAddress = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:[.。][\p{L}\p{N}-]{1,63}){1,8}/gu;
/**
 * "ana at example.com", "ana arroba example punto com". Also matches "look at example.com", which isAddress refuses.
 */
const spokenAddress =
  /(?<![\p{L}\p{N}._@-])(?<name>[a-z0-9][a-z0-9._+-]{0,63}) (?<at>at|arroba|arobase|klammeraffe) (?:[a-z0-9-]{1,62}(?:\.| (?:\.|dot|punkt|punto|ponto|point) )){1,4}(?<end>[a-z]{2,24})(?![\p{L}\p{N}@]|\.[\p{L}\p{N}])/gu;

/** A version of a package (`sdk@2.1.0`) or a picture for a fine screen (`user@2x.png`). */
const noAddress = /@\d+(?:\.\d+){0,2}$|@\dx\.[a-z]{3,4}$/;

/** Finds e-mail addresses, also in forms that hide them from programs: `ana (at) example (dot) org`. */
export const findEmails: Finder = ({ view }) => {
  if (!/@|\bat\b|arroba|arobase|klammeraffe|chez|\(a\)|\[a\]|アット|あっと|[★☆◎]|آت/.test(view)) return [];
  const findings: Finding[] = [];
  let rest = view;
  const take = (matches: Iterable<RegExpExecArray>) => {
    for (const match of matches) {
      const [text] = match;
      if (noAddress.test(text)) continue;
      const start = startOfSpoken(rest, match.index, text);
      const end = match.index + text.length;
      findings.push({ kind: 'EMAIL', start, end, key: canonical(rest.slice(start, end)) });
    }
    rest = findings.length === 0 ? view : blank(view, findings);
  };
  take(rest.matchAll(address));
  take(rest.matchAll(brokenAddress));
  take(rest.matchAll(foreignAddress));
  take([...rest.matchAll(spokenAddress)].filter(isAddress));
  return findings.toSorted((a, b) => a.start - b.start);
};

/** "maria punto lopez arroba example punto com": the name may have dots in words, too. */
function startOfSpoken(view: string, start: number, text: string): number {
  if (!spokenDot.test(text)) return start;
  const before = /(?:(?<![\p{L}\p{N}._-])[a-z0-9._-]{1,30} (?:dot|punkt|punto|ponto|point) ){1,3}$/u.exec(
    view.slice(Math.max(0, start - 100), start),
  );
  return start - (before?.[0].length ?? 0);
}

const spokenDot = / (?:dot|punkt|punto|ponto|point) /;

function isAddress({ 0: text, groups }: RegExpExecArray): boolean {
  const { name = '', at: word, end = '' } = groups ?? {};
  if (word !== 'at') return true;
  // In English, "at this point to" is no address: "point" is a dot only after the "at" of another language.
  return !/ (?:punto|ponto|point) /.test(text) && isTopLevel(end) && !isOrdinaryBeforeAt(name);
}

const longTopLevels = new Set(
  (
    'com org net edu gov mil int info biz name pro app dev web site online store shop cloud tech blog email mail xyz club live ' +
    'agency company digital group media studio solutions systems world example test invalid localhost arpa'
  ).split(' '),
);

/** True for a top-level domain: any two letters (a country), or a known longer one. */
function isTopLevel(end: string): boolean {
  return end.length === 2 || longTopLevels.has(end);
}

const anyAt = new RegExp(`${at}| (?:at|arroba|arobase|klammeraffe) `, 'u');
const anyDot = new RegExp(`${dot}| (?:punkt|punto|ponto|point) `, 'gu');

function canonical(text: string): string {
  return text
    .replace(anyAt, '@')
    .replace(anyDot, '.')
    .replace(/["\s=>]/g, '');
}

function blank(view: string, findings: readonly Finding[]): string {
  const characters = findings.toSorted((a, b) => a.start - b.start);
  let result = '';
  let from = 0;
  for (const { start, end } of characters) {
    result += view.slice(from, start) + '\u0000'.repeat(end - start);
    from = end;
  }
  return result + view.slice(from);
}
