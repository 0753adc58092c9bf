import { z } from 'zod';
import { eq, sql } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { processes } from './schema.ts';
import type { ProcessStore } from './store.ts';

/** A process without a beat for this long (three beats) has died or cannot reach the database. */
const LIVE_SECONDS = 15;
/** Rows of dead processes are kept this long, so that somebody can look into what happened. */
const KEPT_HOURS = 1;

const countSchema = z.object({ count: z.number() });

export function createProcessStore(executor: Executor): ProcessStore {
  return {
    async beat({ id, kind }) {
      await executor.execute(sql`
        insert into ${processes} ("id", "kind") values (${id}, ${kind})
        on conflict ("id") do update set seen_at = clock_timestamp()
      `);
      await executor.execute(
        sql`delete from ${processes} where seen_at < clock_timestamp() - ${KEPT_HOURS}::int * interval '1 hour'`,
      );
      const result = await executor.execute(sql`
        select count(*)::int as count from ${processes}
        where kind = ${kind} and seen_at > clock_timestamp() - ${LIVE_SECONDS}::int * interval '1 second'
      `);
      return countSchema.parse(result.rows[0]).count;
    },

    async leave(id) {
      await executor.delete(processes).where(eq(processes.id, id));
    },
  };
}
