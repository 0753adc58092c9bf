import { z } from 'zod';
import { versionOf } from '../base/hash.ts';

/**
 * Everything that decides how a ticket is decided. Two decisions of the same release came from the same taxonomy, rules,
 * prompt, models, thresholds and calibrations; what was learned from corrections meanwhile is in a classification's
 * `versions.examples`.
 */
export const releaseContentSchema = z.object({
  /** Version of the taxonomy. */
  taxonomy: z.string(),
  /** Of the teams, rules and service levels. */
  rules: z.string(),
  /** Of the prompt; null where no model is asked. */
  prompt: z.string().nullable(),
  /** The engine and the settings of its models. */
  engine: z.record(z.string(), z.unknown()),
  /** What an answer has to reach to be sure enough. */
  confidence: z.record(z.string(), z.unknown()),
  /** Version of the calibration by engine. */
  calibrations: z.record(z.string(), z.string()),
});
export type ReleaseContent = z.infer<typeof releaseContentSchema>;

export type Release = { readonly id: string; readonly content: ReleaseContent };

/** The same content has the same id, whichever process asks and whenever. */
export function createRelease(content: ReleaseContent): Release {
  return { id: `r-${versionOf(sorted(content))}`, content };
}

/** Keys in order at every depth, so that the order in which a file names its settings does not count. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
