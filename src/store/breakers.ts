import { z } from 'zod';
import { sql } from '../base/drizzle.ts';
import { BREAKERS_CHANNEL, type Executor } from './database.ts';
import { breakers } from './schema.ts';
import type { BreakerStore } from './store.ts';

const rowsSchema = z.array(
  z.object({ name: z.string(), why: z.string(), openForMs: z.number().nullable(), version: z.string() }),
);

export function createBreakerStore(executor: Executor): BreakerStore {
  return {
    async set({ name, openForMs, why }) {
      // One statement, so that the row and its notification are committed together.
      await executor.execute(sql`
        with written as (
          insert into ${breakers} ("name", "open_until", "why", "updated_at")
          values (${name}, clock_timestamp() + ${openForMs}::float8 * interval '1 millisecond', ${why}, clock_timestamp())
          on conflict ("name") do update
            set open_until = excluded.open_until, why = excluded.why, updated_at = excluded.updated_at
          returning name
        )
        select pg_notify(${BREAKERS_CHANNEL}, '') from written
      `);
    },

    async all() {
      const result = await executor.execute(sql`
        select name, why, updated_at::text as version,
          (extract(epoch from open_until - clock_timestamp()) * 1000)::float8 as "openForMs"
        from ${breakers}
      `);
      return rowsSchema.parse(result.rows);
    },
  };
}
