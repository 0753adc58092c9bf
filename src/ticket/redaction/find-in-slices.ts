import type { Steps } from '../../base/steps.ts';
import type { Finding, Slice } from './finding.ts';
import { cover, type FoldedText, TAKEN } from './folded-text.ts';

/** The length of a slice, in characters. A step finds the identifiers that start in one slice. */
const SLICE_LENGTH = 4_000;
/** Characters before and after the slice that a finder gets as context (`find-phones.ts` reads up to 90 before). */
const LOOK_BACK = 512;
const LOOK_AHEAD = 1_000;
/** If an identifier reaches the end of the context, it is searched again with more: some keys are that long. */
const MAX_LOOK_AHEAD = 12_000;
/** A slice and where it starts in the text. */
export type PlacedSlice = Slice & { readonly start: number };

/** The most characters that a finder gets at once. */
export const MAX_SLICE_LENGTH = LOOK_BACK + SLICE_LENGTH + MAX_LOOK_AHEAD;

/**
 * Finds the identifiers of a text slice by slice. Slices overlap, so an identifier across a border is found as a whole.
 * The findings are in order and do not overlap.
 */
export function* findInSlices(options: {
  text: FoldedText;
  find: (slice: PlacedSlice) => readonly Finding[];
}): Steps<Finding[]> {
  const { text, find } = options;
  const { length } = text.view;
  const found: Finding[] = [];
  for (let from = 0; from < length; ) {
    const to = length - from <= SLICE_LENGTH + LOOK_AHEAD ? length : from + SLICE_LENGTH;
    for (const finding of yield* findBetween({ text, find, from, to, before: found })) found.push(finding);
    from = Math.max(to, found.at(-1)?.end ?? 0);
  }
  return found;
}

/** Finds the identifiers that start between two positions. */
function* findBetween(options: {
  text: FoldedText;
  find: (slice: PlacedSlice) => readonly Finding[];
  from: number;
  to: number;
  before: readonly Finding[];
}): Steps<Finding[]> {
  const { text, find, from, to } = options;
  const start = Math.max(0, from - LOOK_BACK);
  const shift = (finding: Finding, by: number) => ({ ...finding, start: finding.start + by, end: finding.end + by });
  const taken = lastOf(options.before, start).map((finding) => shift(finding, -start));
  for (let ahead = LOOK_AHEAD; ; ahead = Math.min(MAX_LOOK_AHEAD, ahead * 4)) {
    const end = Math.min(text.view.length, to + ahead);
    yield end - start;
    const view = cover(text.view.slice(start, end), taken, TAKEN);
    const found = find({ start, view, cased: text.cased.slice(start, end) })
      .map((finding) => shift(finding, start))
      .filter((finding) => finding.start < to && finding.end > from);
    const goesOn = end < text.view.length && found.some((finding) => finding.end === end);
    if (!goesOn || ahead === MAX_LOOK_AHEAD) return clip(found, from);
  }
}

/** Returns the findings that end after a position. */
function lastOf(findings: readonly Finding[], position: number): Finding[] {
  let count = 0;
  while (count < findings.length && (findings.at(-1 - count)?.end ?? 0) > position) count++;
  return count === 0 ? [] : findings.slice(-count);
}

/** Sorts the findings and cuts off the start of each that overlaps the one before. */
function clip(findings: readonly Finding[], from: number): Finding[] {
  let at = from;
  return findings
    .toSorted((a, b) => a.start - b.start)
    .flatMap((finding) => {
      if (finding.end <= at) return [];
      const clipped = { ...finding, start: Math.max(at, finding.start) };
      at = finding.end;
      return [clipped];
    });
}
