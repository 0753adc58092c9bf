/** Formats a number with its noun: `1 ticket`, `7 tickets`, `2 criteria` (pass `plural` when adding an "s" is wrong). */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}
