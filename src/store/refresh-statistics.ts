import { z } from 'zod';
import type { EmbeddedDatabase } from './database.ts';

const rowsSchema = z.array(z.object({ name: z.string() }));

/** Tables whose rows changed by more than a fifth since their statistics were made, or that have none yet. */
const outdatedTables = `select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname in ('switchboard', 'pgboss') and pg_relation_size(c.oid) > 100000
    and (pg_stat_get_mod_since_analyze(c.oid) > 500 + 0.2 * greatest(c.reltuples, 0)
      or not exists (select from pg_statistic s where s.starelid = c.oid))
  order by 1`;

/**
 * Counts how often values occur in the embedded store, as PostgreSQL's autovacuum does, which PGlite does not have. Without
 * this the planner takes every value of a filter for a rare one, and sorts thousands of tickets for a page of fifty. Reads
 * 3,000 rows of one table at a time, which takes some milliseconds.
 */
export async function refreshStatistics(pglite: Pick<EmbeddedDatabase, 'query' | 'exec'>): Promise<readonly string[]> {
  // Changes are counted with a delay of up to a second otherwise.
  await pglite.query('select pg_stat_force_next_flush()');
  const tables = rowsSchema.parse((await pglite.query(outdatedTables)).rows).map(({ name }) => name);
  for (const name of tables) await pglite.exec(`set local default_statistics_target = 10; analyze ${name}`);
  return tables;
}
