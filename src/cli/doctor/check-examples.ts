import { z } from 'zod';
import { describeUnknownIntents, splitCounts, type UnknownIntents } from '../../app/stored-examples.ts';
import type { FoundStore } from '../../store/look-into-store.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Finding } from './finding.ts';

/** What is stored under intents that the taxonomy does not have; nothing when all of it is used. */
export async function checkExamples({ query }: FoundStore, taxonomy: Taxonomy): Promise<Finding[]> {
  // Before its migration the table of an older version has no states.
  const rows = countsSchema.parse(
    await query(`select intent, count(*)::int as count from switchboard.examples e
      where coalesce(to_jsonb(e)->>'state', 'active') = 'active' group by intent`),
  );
  const counts = new Map(rows.map(({ intent, count }) => [intent, count]));
  return describeExamples(splitCounts(counts, taxonomy).unknownIntents);
}
const countsSchema = z.array(z.object({ intent: z.string(), count: z.number() }));

export function describeExamples(unknownIntents: UnknownIntents): Finding[] {
  const detail = describeUnknownIntents(unknownIntents);
  return detail === null ? [] : [{ check: 'examples', status: 'note', detail }];
}
