import { isIPv4, isIPv6 } from 'node:net';
import type { Finder, Finding } from './finding.ts';
import { numberWordOf } from './number-words.ts';

const ipv4 = /(?<![\d.])\d{1,3}(?:(?:\.|\[\.\])\d{1,3}){3}(?!\.?\d)/g;
const ipv6 = /(?<![a-z0-9_:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}(?![a-z0-9_:])/g;
/** Something is wrong since a version, not since an address. */
const sinceBefore = /(?<![a-z])(?:since|seit|depuis|desde|dalla|dal|sinds|sedan|siden) $/;

/** "The software went from 3.2.1.0 to 3.3.0.1": from one version to the next. */
const fromBefore = /(?<![a-z])(?:from|von|de|da|dalla|dal|van|z|ze|od|fran|fra) $/;
const toBetween = /^ ?(?:\p{L}{1,4}|→|->|=>) $/u;
/** How far before the numbers the software is named. */
const REACH = 60;

function startsRange(view: string, at: number): boolean {
  const before = view.slice(Math.max(0, at - REACH), at);
  if (!fromBefore.test(before)) return false;
  const sentence = before.split(/[.!?\n]/).at(-1) ?? '';
  const meanings = (sentence.match(/[\p{L}\p{M}-]+/gu) ?? []).map((word) => numberWordOf(word).meaning);
  return meanings.includes('version') && !meanings.includes('ip');
}

/** Finds IPv4 and IPv6 addresses, but no versions that are called so. */
export const findIpAddresses: Finder = ({ view, meanings }) => {
  const findings: Finding[] = [];
  const versions = new Set<string>();
  let rangeFrom: number | null = null;
  for (const match of view.matchAll(ipv4)) {
    const address = match[0].replaceAll('[.]', '.');
    if (!isIPv4(address.replace(/\b0+(?=\d)/g, ''))) continue;
    const range = { start: match.index, end: match.index + match[0].length };
    const meaning = meanings.of(range);
    // "Firmware 2.14.0.3 crashes, and 2.15.1.0 too": the next version begins with the same number.
    const series = address.split('.', 1)[0] ?? '';
    const isSince = meaning === null && sinceBefore.test(view.slice(Math.max(0, match.index - 12), match.index));
    const isStart = meaning === null && startsRange(view, match.index);
    const isEnd = meaning === null && rangeFrom !== null && toBetween.test(view.slice(rangeFrom, match.index));
    rangeFrom = isStart ? range.end : null;
    if (meaning === 'version' || isSince || isStart || isEnd) versions.add(series);
    else if (meaning === 'ip' || !versions.has(series)) findings.push({ kind: 'IP', ...range, key: address });
  }
  for (const match of view.matchAll(ipv6)) {
    const [address] = match;
    // `::` alone is a valid address, but nobody means it as one.
    if (!isIPv6(address) || !/[0-9a-f]/.test(address)) continue;
    findings.push({ kind: 'IP', start: match.index, end: match.index + address.length, key: address });
  }
  return findings
    .toSorted((a, b) => a.start - b.start)
    .filter((finding, index, all) => {
      const before = all[index - 1];
      return before === undefined || finding.start >= before.end;
    });
};
