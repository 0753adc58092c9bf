/** Verdicts that count: what somebody does now, not what they did before lunch. */
const LATEST = 20;
const HOUR_MS = 3_600_000;
/** Before, a few quick ones would come to thousands an hour. */
const FROM_MS = 2 * 60_000;

/** How many verdicts an hour the last ones come to; null in the first two minutes. */
export function paceOf(moments: readonly number[]): number | null {
  const latest = moments.slice(-LATEST);
  const [first, last] = [latest[0], latest.at(-1)];
  if (first === undefined || last === undefined || last <= first) return null;
  if (last - (moments[0] ?? last) < FROM_MS) return null;
  return Math.round(((latest.length - 1) * HOUR_MS) / (last - first));
}
