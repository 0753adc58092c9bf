/** Reads `retry-after-ms`, or else `retry-after` in seconds or as a date. In ms; null when missing or unreadable. */
export function readRetryAfter(headers: Headers, now: number = Date.now()): number | null {
  const ms = numberIn(headers.get('retry-after-ms'));
  if (ms !== null) return Math.max(0, ms);
  const text = headers.get('retry-after');
  const seconds = numberIn(text);
  if (seconds !== null) return Math.max(0, seconds * 1_000);
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function numberIn(text: string | null): number | null {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
