import type { LabelledTicket } from '../../ticket/ticket.ts';
import { comparableText, variantGroup } from './drop-leaks.ts';

export type NearDuplicate = {
  readonly first: string;
  readonly second: string;
  /** Jaccard similarity of the word pairs; 1 for the same text. */
  readonly similarity: number;
};

/** At this similarity or above, two texts have mostly the same words in the same order. */
export const NEAR_DUPLICATE_SIMILARITY = 0.7;
const HASHES = 48;
/** Rows per band: 16 bands of 3 find a pair of similarity 0.7 with probability 1 − (1 − 0.7³)^16 = 99.9 %. */
const BAND_ROWS = 3;

/**
 * Finds pairs of tickets with nearly the same text, without comparing all pairs: MinHash signatures (Broder 1997) put
 * candidates into the same bucket, then each candidate pair is compared exactly. Known variants of one ticket are not
 * reported. With `across`, only pairs with one ticket from each list are returned.
 */
export function findNearDuplicates(options: {
  readonly tickets: readonly LabelledTicket[];
  readonly across?: readonly LabelledTicket[];
  readonly minSimilarity?: number;
}): NearDuplicate[] {
  const { across, minSimilarity = NEAR_DUPLICATE_SIMILARITY } = options;
  const first = options.tickets.map((ticket) => describe(ticket, 0));
  const all = [...first, ...(across ?? []).map((ticket) => describe(ticket, 1))];
  const found = new Map<string, NearDuplicate>();
  const buckets = new Map<string, Described[]>();
  for (const one of all) {
    for (const key of one.bands) {
      const bucket = buckets.get(key) ?? [];
      // A template repeated a thousand times would give a million pairs, so each ticket meets only the last few.
      for (const other of bucket.slice(-MAX_COMPARED)) {
        if (across !== undefined && one.side === other.side) continue;
        if (one.ticket.id === other.ticket.id || one.group === other.group) continue;
        const id = `${other.ticket.id}\n${one.ticket.id}`;
        if (found.has(id)) continue;
        const similarity = jaccard(one.pairs, other.pairs);
        if (similarity >= minSimilarity) found.set(id, { first: other.ticket.id, second: one.ticket.id, similarity });
      }
      bucket.push(one);
      buckets.set(key, bucket);
    }
  }
  return [...found.values()].sort((a, b) => b.similarity - a.similarity || (a.first < b.first ? -1 : 1));
}

const MAX_COMPARED = 30;

type Described = {
  readonly ticket: LabelledTicket;
  readonly side: 0 | 1;
  readonly group: string;
  readonly pairs: ReadonlySet<number>;
  readonly bands: readonly string[];
};

function describe(ticket: LabelledTicket, side: 0 | 1): Described {
  const pairs = wordPairs(comparableText(ticket));
  return { ticket, side, group: variantGroup(ticket), pairs, bands: bandsOf(pairs) };
}

/** Hashes of each pair of neighbouring words. */
function wordPairs(text: string): Set<number> {
  const words = text.split(' ');
  if (words.length === 1) return new Set([hash(text, 0)]);
  return new Set(words.slice(1).map((word, i) => hash(`${words[i]} ${word}`, 0)));
}

function bandsOf(pairs: ReadonlySet<number>): string[] {
  const signature = Array.from({ length: HASHES }, (_, seed) => {
    let lowest = 0xffffffff;
    for (const pair of pairs) lowest = Math.min(lowest, mix(pair, seed));
    return lowest;
  });
  return Array.from(
    { length: HASHES / BAND_ROWS },
    (_, band) => `${band}:${signature.slice(band * BAND_ROWS, (band + 1) * BAND_ROWS).join()}`,
  );
}

function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let both = 0;
  for (const item of a) if (b.has(item)) both += 1;
  return both / (a.size + b.size - both);
}

/** The hash function FNV-1a. */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** The finaliser of MurmurHash3 with a seed: each seed gives another permutation of the numbers. */
function mix(value: number, seed: number): number {
  let mixed = value ^ Math.imul(seed + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
