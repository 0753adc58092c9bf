import { z } from 'zod';
import { versionOf } from '../base/hash.ts';

/**
 * Everything that determines a decision. Two decisions with the same release used the same taxonomy, rules, prompt,
 * models, thresholds and calibrations. What was learned from corrections in between is not part of it: see
 * `versions.examples` of a classification.
 */
export const releaseContentSchema = z.object({
  /** Version of the taxonomy. */
  taxonomy: z.string(),
  /** Version of the teams, rules, service levels and the company's own phrases of urgency. */
  rules: z.string(),
  /** Version of the prompt; null when no model is called. */
  prompt: z.string().nullable(),
  /** The engine and the settings of its models. */
  engine: z.record(z.string(), z.unknown()),
  /** Thresholds that an answer must reach to be sure enough. */
  confidence: z.record(z.string(), z.unknown()),
  /** Version of each engine's calibration. */
  calibrations: z.record(z.string(), z.string()),
});
export type ReleaseContent = z.infer<typeof releaseContentSchema>;

export type Release = { readonly id: string; readonly content: ReleaseContent };

/** Creates a release with its id. The same content always has the same id, in every process. */
export function createRelease(content: ReleaseContent): Release {
  return { id: `r-${versionOf(sorted(content))}`, content };
}

/** Sorts keys at every depth, so that the order of settings in a file does not matter. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
