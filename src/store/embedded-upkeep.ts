import { z } from 'zod';
import type { EmbeddedDatabase } from './database.ts';

const rowsSchema = z.array(z.object({ name: z.string(), dead: z.boolean(), outdated: z.boolean() }));

/**
 * `dead`: many rows are dead. `outdated`: as many rows as half of the table have changed since the statistics were made, or there are
 * none yet. The limits are close to those of PostgreSQL's autovacuum, but for a table's share of dead rows: the queue's
 * index is passed from its start at each look for the next job.
 */
const tablesToKeepUp = `with found as (
    select format('%I.%I', n.nspname, c.relname) as name,
      pg_stat_get_dead_tuples(c.oid) > 2000 as dead,
      pg_relation_size(c.oid) > 100000 and (
        pg_stat_get_mod_since_analyze(c.oid) > 500 + 0.5 * greatest(c.reltuples, 0)
        or not exists (select from pg_statistic s where s.starelid = c.oid)
      ) as outdated
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('switchboard', 'pgboss')
  )
  select name, dead, outdated from found where dead or outdated order by name`;

export type Upkeep = { readonly vacuumed: readonly string[]; readonly analysed: readonly string[] };

/**
 * Removes dead rows and counts how often values occur, as PostgreSQL's autovacuum does, which PGlite does not have. One
 * table at a time, in some milliseconds each: a vacuum reads the pages that have changed, statistics read 3,000 rows.
 *
 * Without it, each look for the next job passes the index entries of all jobs that have ended (4.5 ms after 20,000 of them,
 * less than 0.1 ms after a vacuum), and the planner takes every value of a filter for a rare one.
 */
export async function keepUpEmbedded(pglite: Pick<EmbeddedDatabase, 'query' | 'exec'>): Promise<Upkeep> {
  // Changes are counted with a delay of up to a second otherwise.
  await pglite.query('select pg_stat_force_next_flush()');
  const tables = rowsSchema.parse((await pglite.query(tablesToKeepUp)).rows);
  const vacuumed = tables.filter(({ dead }) => dead).map(({ name }) => name);
  const analysed = tables.filter(({ outdated }) => outdated).map(({ name }) => name);
  for (const name of vacuumed) await pglite.exec(`vacuum ${name}`);
  for (const name of analysed) await pglite.exec(`set local default_statistics_target = 10; analyze ${name}`);
  return { vacuumed, analysed };
}
