/** Verdicts that count: what somebody does now, not what they did before lunch. */
const LATEST = 20;
const HOUR_MS = 3_600_000;

/** How many verdicts an hour the last ones come to; null before there are three. */
export function paceOf(moments: readonly number[]): number | null {
  const latest = moments.slice(-LATEST);
  const [first, last] = [latest[0], latest.at(-1)];
  if (first === undefined || last === undefined || latest.length < 3 || last <= first) return null;
  return Math.round(((latest.length - 1) * HOUR_MS) / (last - first));
}
