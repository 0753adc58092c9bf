import { z } from 'zod';

/** A number from 0 to 1. For 90, which is probably meant as 90 %, the message says to write 0.9. */
export function shareSchema({ min = 0, max = 1 }: { min?: number; max?: number } = {}): z.ZodNumber {
  return z
    .number()
    .min(min)
    .max(max, { error: ({ input }) => explainPercent(input) ?? undefined });
}

/** Says what to write instead of a number that is probably in percent; null for other values. */
export function explainPercent(value: unknown): string | null {
  if (typeof value !== 'number' || value <= 1 || value > 100) return null;
  return `Write it as a share between 0 and 1: ${Number((value / 100).toPrecision(6))}.`;
}
