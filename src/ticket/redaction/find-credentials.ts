import { findPasswords } from './find-passwords.ts';
import type { Finder, Finding } from './finding.ts';
import { pemBlock, serviceKey } from './known-keys.ts';
import { findRandomStrings } from './random-strings.ts';

const patterns = [
  // https://user:password@host; a password may contain an @, so the last one counts.
  /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:"'<>]{0,200}(?::[^\s/"'<>]{0,200})?(?=@[^\s@/"'<>]{1,200})/g,
  // ?token=…, &api_key=…, #access_token=…
  /(?<=[?&#;][a-z0-9_.[\]-]{0,30}(?:token|secret|passw|pwd|key|auth|sig|session|sid|jwt|code|otp|credential|bearer|ticket_hash|nonce|hash)[a-z0-9_.[\]-]{0,30}=)[^\s&"'<>#;]{1,2000}/g,
  // Long random parts of a URL, as in links that reset a password.
  /(?<=:\/\/[^\s"'<>]{3,300}\/)(?=[a-z_]{0,200}\d)(?=\d{0,200}[a-z_])[a-z0-9_]{24,500}(?![a-z0-9_-])/g,
  // Webhook URLs of chat services: everybody who has one can post with it.
  /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/)[a-z0-9_/-]{16,300}/g,
  serviceKey,
  pemBlock,
  /(?<=\b(?:bearer|basic)\s{1,3})(?=[a-z._~+/=-]{0,300}\d)[a-z0-9._~+/=-]{16,2000}/g,
  /(?<=\bauthorization["']?\s{0,3}:\s{0,3}["']?(?:bearer|basic|token|digest|apikey)\s{1,3})[^\s"',;]{6,2000}/g,
  // docker login -u name -p password
  /(?<=\s(?:-u|--user(?:name)?)[ =]["']?[^\s"']{1,100}["']? -p[ =]?["']?)[^\s"']{4,200}/g,
  // curl -u name:password
  /(?<=(?:^|\s)(?:-u|--user)[ =]["']?)[^\s:"']{1,100}:[^\s"']{1,200}/g,
];

/**
 * Finds logins in URLs, tokens in queries, keys of known forms, random strings, and values that are called a password.
 */
export const findCredentials: Finder = (slice) => {
  const { view, cased } = slice;
  const ranges = [
    ...patterns.flatMap((pattern) =>
      [...view.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
    ),
    ...findRandomStrings(cased),
    ...findPasswords(slice),
  ];
  return mergeOverlaps(ranges).map(({ start, end }) => ({
    kind: 'CREDENTIAL',
    start,
    end,
    // With its case: passwords that differ only in case are different.
    key: cased.slice(start, end),
  }));
};

type Range = Pick<Finding, 'start' | 'end'>;

/** Sorts the ranges by their start and merges those that overlap. Empty ranges are dropped. */
function mergeOverlaps(ranges: readonly Range[]): Range[] {
  const kept: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (range.start === range.end) continue;
    const last = kept.at(-1);
    if (last === undefined || range.start >= last.end) kept.push(range);
    else if (range.end > last.end) kept[kept.length - 1] = { start: last.start, end: range.end };
  }
  return kept;
}
