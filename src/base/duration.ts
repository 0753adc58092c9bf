import { z } from 'zod';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** No date can be calculated from much longer ones. */
const LONGEST_MS = 36_500 * unitMs.d;

/** Parses `90s`, `15m`, `4h` or `180d` to milliseconds. */
export const durationSchema = z
  .string()
  .regex(/^\d+(\.\d+)?(s|m|h|d)$/, 'a duration such as 90s, 15m, 4h or 2d')
  // The cast is safe: the regular expression above allows no other last letter.
  .transform((text) => Number.parseFloat(text) * unitMs[text.at(-1) as keyof typeof unitMs])
  .refine((ms) => ms <= LONGEST_MS, 'this is longer than 100 years. Write 36500d or less');

/** Whole units, rounded down: `31 s`, `5 min`, `3 h`, `2 days`. */
export function formatAge(seconds: number): string {
  const ms = seconds * 1_000;
  if (ms < unitMs.s) return 'less than 1 s';
  if (ms < unitMs.m) return `${Math.floor(seconds)} s`;
  if (ms < unitMs.h) return `${Math.floor(ms / unitMs.m)} min`;
  if (ms < 2 * unitMs.d) return `${Math.floor(ms / unitMs.h)} h`;
  return `${Math.floor(ms / unitMs.d)} days`;
}
