/**
 * Groups of digits with only spaces, dots, dashes, slashes and brackets between them: perhaps a card or phone number.
 */
export type DigitRun = {
  readonly groups: readonly DigitGroup[];
  /** Position of a `+` at the start of the run, or null. */
  readonly plusAt: number | null;
};

export type DigitGroup = { readonly digits: string; readonly start: number; readonly end: number };

const run = /\+?[ (]{0,2}\d+(?:[\s().\-/_]{1,4}\d+)*/g;
/**
 * A longer run is probably a table of figures. It is split, because checking every window of it would take too long.
 */
const MAX_GROUPS = 400;

/** Finds all runs of digits in a view, in order. */
export function findDigitRuns(view: string): DigitRun[] {
  const runs: DigitRun[] = [];
  for (const match of view.matchAll(run)) {
    const groups: DigitGroup[] = [];
    for (const part of match[0].matchAll(/\d+/g)) {
      const start = match.index + part.index;
      groups.push({ digits: part[0], start, end: start + part[0].length });
    }
    const plusAt = match[0].startsWith('+') ? match.index : null;
    for (let at = 0; at < groups.length; at += MAX_GROUPS) {
      runs.push({ groups: groups.slice(at, at + MAX_GROUPS), plusAt: at === 0 ? plusAt : null });
    }
  }
  return runs;
}
