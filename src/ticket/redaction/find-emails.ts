import type { Finder, Finding } from './finding.ts';

// Runs of Han, kana and Arabic have no space before an address, so only letters of scripts with spaces belong to it.
const letter = '\\p{sc=Latin}\\p{sc=Cyrillic}\\p{sc=Greek}0-9';
const at =
  '(?: ?@ ?| ?[([{<] ?(?:at|@|arroba|a|chez) ?[)\\]}>] ?| at (?=[^\\s]{1,60} ?(?:[([{] ?(?:dot|punkt|punto|point|ponto) ?[)\\]}]| dot )))';
const dot = '(?:\\.| ?[([{] ?(?:dot|\\.|punkt|punto|point|ponto) ?[)\\]}] ?| dot )';
const domain = `[${letter}](?:[${letter}-]{0,62})(?:${dot}[${letter}](?:[${letter}-]{0,62})){1,8}`;

const address = new RegExp(
  `"?[${letter}][${letter}._%+'’&=!#$*/?^{|}~-]{0,63}"?${at}(?:${domain}|\\[[0-9a-f:.]{3,45}\\])`,
  'gu',
);
// 太郎@example.jp, and addresses in domains of other scripts.
const foreignAddress = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:[.。][\p{L}\p{N}-]{1,63}){1,8}/gu;

/** E-mail addresses, also as people hide them: `ana (at) example (dot) org`. */
export const findEmails: Finder = ({ view }) => {
  if (!/@|\bat\b|arroba|chez|\(a\)|\[a\]/.test(view)) return [];
  const findings: Finding[] = [];
  let rest = view;
  for (const pattern of [address, foreignAddress]) {
    for (const match of rest.matchAll(pattern)) {
      const [text] = match;
      findings.push({ kind: 'EMAIL', start: match.index, end: match.index + text.length, key: canonical(text) });
    }
    rest = findings.length === 0 ? view : blank(view, findings);
  }
  return findings.toSorted((a, b) => a.start - b.start);
};

function canonical(text: string): string {
  return text.replace(new RegExp(at, 'u'), '@').replace(new RegExp(dot, 'gu'), '.').replace(/["\s]/g, '');
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
