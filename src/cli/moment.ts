import { durationSchema } from '../base/duration.ts';
import { UsageError } from '../errors.ts';

/** Reads a time of a command line: `2026-11-27T10:00:00Z`, `2026-11-27`, or how long ago: `2h`. Throws UsageError. */
export function momentOf(option: string, text: string): Date {
  const ago = durationSchema.safeParse(text);
  const at = ago.success ? new Date(Date.now() - ago.data) : new Date(text);
  if (!Number.isNaN(at.getTime())) return at;
  throw new UsageError(
    `${option} is "${text}". Give a time such as 2026-11-27T10:00:00Z, or how long ago, such as 2h or 30d.`,
  );
}
