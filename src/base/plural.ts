/** A number with its noun: `1 ticket`, `7 tickets`, `2 criteria` (with `plural` where an "s" is not enough). */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}
