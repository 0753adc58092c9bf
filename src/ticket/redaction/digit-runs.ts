/** Digits that stand together, over spaces, dots, dashes, slashes and brackets: perhaps a card or a phone number. */
export type DigitRun = {
  readonly groups: readonly DigitGroup[];
  /** Position of a `+` right before the first digit, or null. */
  readonly plusAt: number | null;
};

export type DigitGroup = { readonly digits: string; readonly start: number; readonly end: number };

const run = /\+?[ (]{0,2}\d+(?:[\s().\-/_]{1,4}\d+)*/g;
/** More groups than this are a table of figures; looking at each window of it would cost more than it finds. */
const MAX_GROUPS = 400;

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
