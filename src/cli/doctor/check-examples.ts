import { z } from 'zod';
import { describeUnknownIntents, splitCounts, type UnknownIntents } from '../../app/stored-examples.ts';
import type { FoundStore } from '../../store/look-into-store.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Finding } from './finding.ts';

/** Finds stored examples of intents that the taxonomy does not have; nothing when every example is used. */
export async function checkExamples({ query }: FoundStore, taxonomy: Taxonomy): Promise<Finding[]> {
  // The table of an older version has no column `state` before it is migrated: all its examples are active.
  const rows = countsSchema.parse(
    await query(`select intent, count(*)::int as count from switchboard.examples e
      where coalesce(to_jsonb(e)->>'state', 'active') = 'active' group by intent`),
  );
  const counts = new Map(rows.map(({ intent, count }) => [intent, count]));
  return describeExamples(splitCounts(counts, taxonomy).unknownIntents);
}
const countsSchema = z.array(z.object({ intent: z.string(), count: z.number() }));

/** A note about examples that are not used, from their numbers by intent. */
export function describeExamples(unknownIntents: UnknownIntents): Finding[] {
  const detail = describeUnknownIntents(unknownIntents);
  return detail === null ? [] : [{ check: 'examples', status: 'note', detail }];
}
