import { z } from 'zod';
import { certainties } from '../classifier.ts';
import counts from './certainty-counts.json' with { type: 'json' };
import { bareModelId } from './models.ts';

const cellSchema = z.object({
  certainty: z.enum(certainties),
  /** The kind of desk: `clean` or `noisy` labels, `any` where they were not counted apart; for none_fits, the scope. */
  desk: z.enum(['any', 'clean', 'noisy', 'in scope', 'out of scope']),
  right: z.number().int().nonnegative(),
  of: z.number().int().positive(),
});
const countsSchema = z.object({
  /** Id of the model that answered, or `stand-in`. */
  model: z.string(),
  /** Month of the answers. */
  date: z.string(),
  /** `promptDesign` of the requests. */
  prompt: z.string(),
  /** Whose answers to which requests these are, for people. */
  origin: z.string(),
  cells: z.array(cellSchema),
});
/** How often answers of each stated certainty were right, with whose answers they are. */
export type CertaintyCounts = Readonly<z.infer<typeof countsSchema>>;

/** The counts of certainty-counts.json, the newest first. */
export const shippedCounts: readonly CertaintyCounts[] = z.array(countsSchema).min(1).parse(counts);

/**
 * The counts to go by for a model and a prompt. `isMeasured` is false where none are of this model and prompt: the newest
 * are then the best that is known, and only their lower bounds count.
 */
export function findCounts(options: { model: string; prompt: string; all?: readonly CertaintyCounts[] }): {
  readonly counts: CertaintyCounts;
  readonly isMeasured: boolean;
} {
  const { model, prompt, all = shippedCounts } = options;
  const own = all.find((counts) => counts.model === bareModelId(model) && counts.prompt === prompt);
  const newest = own ?? all[0];
  if (newest === undefined) throw new RangeError('there are no counts');
  return { counts: newest, isMeasured: own !== undefined };
}
