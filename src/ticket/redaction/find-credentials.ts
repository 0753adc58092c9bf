import { findPasswords } from './find-passwords.ts';
import type { Finder, Finding } from './finding.ts';
import { pemBlock, serviceKey } from './known-keys.ts';
import { findRandomStrings } from './random-strings.ts';

const patterns = [
  // https://user:password@host; a password may hold an @ of its own, so the last one counts.
  /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:"'<>]{0,200}(?::[^\s/"'<>]{0,200})?(?=@[^\s@/"'<>]{1,200})/g,
  // ?token=…, &api_key=…, #access_token=…
  /(?<=[?&#;][a-z0-9_.[\]-]{0,30}(?:token|secret|passw|pwd|key|auth|sig|session|sid|jwt|code|otp|credential|bearer|ticket_hash|nonce|hash)[a-z0-9_.[\]-]{0,30}=)[^\s&"'<>#;]{1,2000}/g,
  // Long random parts of an address, as in links that reset a password.
  /(?<=:\/\/[^\s"'<>]{3,300}\/)(?=[a-z_]{0,200}\d)(?=\d{0,200}[a-z_])[a-z0-9_]{24,500}(?![a-z0-9_-])/g,
  // Addresses that post into a channel for whoever knows them.
  /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/)[a-z0-9_/-]{16,300}/g,
  serviceKey,
  pemBlock,
  /(?<=\b(?:bearer|basic)\s{1,3})(?=[a-z._~+/=-]{0,300}\d)[a-z0-9._~+/=-]{16,2000}/g,
  /(?<=\bauthorization["']?\s{0,3}:\s{0,3}["']?(?:bearer|basic|token|digest|apikey)\s{1,3})[^\s"',;]{6,2000}/g,
  // curl -u name:password
  /(?<=(?:^|\s)(?:-u|--user)[ =]["']?)[^\s:"']{1,100}:[^\s"']{1,200}/g,
];

/** User names and passwords in addresses, tokens in their queries, keys known by their form, and what is called a password. */
export const findCredentials: Finder = (slice) => {
  const { view, cased } = slice;
  const ranges = [
    ...patterns.flatMap((pattern) =>
      [...view.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
    ),
    ...findRandomStrings(cased),
    ...findPasswords(slice),
  ];
  return withoutOverlaps(ranges).map(({ start, end }) => ({
    kind: 'CREDENTIAL',
    start,
    end,
    // Two passwords that differ in a capital are two.
    key: cased.slice(start, end),
  }));
};

type Range = Pick<Finding, 'start' | 'end'>;

/** In order; of two that overlap the one that starts first, and as far as either goes. */
function withoutOverlaps(ranges: readonly Range[]): Range[] {
  const kept: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (range.start === range.end) continue;
    const last = kept.at(-1);
    if (last === undefined || range.start >= last.end) kept.push(range);
    else if (range.end > last.end) kept[kept.length - 1] = { start: last.start, end: range.end };
  }
  return kept;
}
