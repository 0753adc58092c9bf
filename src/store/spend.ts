import { z } from 'zod';
import { sql } from '../base/drizzle.ts';
import { advisoryLocks } from './advisory-locks.ts';
import type { Executor } from './database.ts';
import { spend } from './schema.ts';
import type { SpendStore } from './store.ts';

// The day by the database's clock, so that processes whose clocks differ book on the same day.
const today = sql`(clock_timestamp() at time zone 'utc')::date`;
const dayRowSchema = z.object({ day: z.string() });
const usdRowSchema = z.object({ usd: z.number() });

export function createSpendStore(executor: Executor): SpendStore {
  const book = async (database: Executor, { purpose, model, usd, limitUsd }: Parameters<SpendStore['reserve']>[0]) => {
    const result = await database.execute(sql`
      insert into ${spend} ("day", "purpose", "model", "calls", "usd")
      select ${today}, ${purpose}::text, ${model}::text, 1, ${usd}::float8
      where ${limitUsd}::float8 is null
        or (select coalesce(sum(usd), 0) from ${spend} where day = ${today}) + ${usd}::float8 <= ${limitUsd}::float8
      on conflict ("day", "purpose", "model")
      do update set calls = ${spend}.calls + 1, usd = ${spend}.usd + excluded.usd
      returning day::text as day
    `);
    return result.rows.length === 0 ? null : dayRowSchema.parse(result.rows[0]).day;
  };

  return {
    async reserve(request) {
      if (request.limitUsd === null) return book(executor, request);
      // A statement sees only what was committed before it began. So one statement takes the lock and the next reads the
      // sum, which then includes what the previous process has booked.
      return executor.transaction(async (inner) => {
        await inner.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.spend})`);
        return book(inner, request);
      });
    },

    async adjust({ day, purpose, model, usd }) {
      await executor.execute(sql`
        update ${spend} set usd = greatest(0, usd + ${usd}::float8)
        where day = ${day}::date and purpose = ${purpose} and model = ${model}
      `);
    },

    async todayUsd() {
      const result = await executor.execute(
        sql`select coalesce(sum(usd), 0)::float8 as usd from ${spend} where day = ${today}`,
      );
      return usdRowSchema.parse(result.rows[0]).usd;
    },
  };
}
