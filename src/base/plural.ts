/** Formats a number with its noun: `1 ticket`, `7 tickets`, `2 criteria` (pass `plural` when adding an "s" is wrong). */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** Joins items as `a, b and c`; beyond `limit` it only says how many more there are. */
export function list(items: readonly string[], limit = 5): string {
  const shown = items.slice(0, limit);
  if (items.length > limit) return `${shown.join(', ')} and ${items.length - limit} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
