import { z } from 'zod';
import { sql } from '../../base/drizzle.ts';
import type { Executor } from '../database.ts';
import { classifications, feedback } from '../schema.ts';
import type { CorrectedIntent } from '../store.ts';

const rowsSchema = z.array(z.object({ intent: z.string().nullable(), to: z.string().nullable(), count: z.number() }));

/**
 * What classifications said and what people said instead, in feedback of this time. Of the feedback on one revision the last
 * counts. That no intent fits corrects an intent, and not a classification that abstained.
 */
export async function readCorrections(
  executor: Executor,
  { since, until }: { since: Date; until: Date },
): Promise<readonly CorrectedIntent[]> {
  const { rows } = await executor.execute(sql`
    with said as (
      select distinct on (f.ticket_id, f.revision) f.ticket_id, f.revision, f.feedback->>'intent' as intent
      from ${feedback} f
      where f.at >= ${since.toISOString()} and f.at < ${until.toISOString()} and f.state <> 'undone'
        and (f.feedback->>'intent' is not null or f.feedback->>'outOfScope' = 'true')
      order by f.ticket_id, f.revision, f.id desc
    )
    select c.intent, said.intent as to, count(*)::int as count
    from said join ${classifications} c on c.ticket_id = said.ticket_id and c.revision = said.revision
    where c.intent is distinct from said.intent and (said.intent is not null or not c.abstained)
    group by 1, 2`);
  return rowsSchema.parse(rows);
}
