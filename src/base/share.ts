import { z } from 'zod';

/** A number from 0 to 1. Who writes 90 for 90 % is told which number that is. */
export function shareSchema({ min = 0, max = 1 }: { min?: number; max?: number } = {}): z.ZodNumber {
  return z
    .number()
    .min(min)
    .max(max, { error: ({ input }) => explainPercent(input) ?? undefined });
}

/** What to write for a number that was meant in percent; null when it was not. */
export function explainPercent(value: unknown): string | null {
  if (typeof value !== 'number' || value <= 1 || value > 100) return null;
  return `A share between 0 and 1 is meant: write ${Number((value / 100).toPrecision(6))}.`;
}
