import { z } from 'zod';
import type { EmbeddedDatabase } from './database.ts';
import type { AssertRoom } from './disk-room.ts';

const UPKEEP_EVERY_MS = 10_000;
/** Tickets are arriving when the last one came less than this time ago. */
const QUIET_AFTER_MS = 200;

const rowsSchema = z.array(
  z.object({ name: z.string(), bytes: z.coerce.number(), dead: z.boolean(), outdated: z.boolean() }),
);

/** Dead rows of a table that are removed. While tickets arrive more are left, since they wait for a vacuum to end. */
const MAX_DEAD_ROWS = { quiet: 2_000, busy: 20_000 };

/**
 * `dead`: many rows are dead, however large the table is, because each look for the next job passes the queue's index from
 * its start; `bytes` is the size of such a table. `outdated`: half as many rows as the table has were changed since its
 * statistics were made, or there are none. Sizes are asked for last, because PGlite reads the folder for each.
 */
const tablesToKeepUp = `with found as (
    select c.oid, format('%I.%I', n.nspname, c.relname) as name,
      pg_stat_get_dead_tuples(c.oid) > $1 as dead,
      case when pg_stat_get_mod_since_analyze(c.oid) > 500 + 0.5 * greatest(c.reltuples, 0)
          or pg_stat_get_live_tuples(c.oid) > 0 and not exists (select from pg_statistic s where s.starelid = c.oid)
        then pg_relation_size(c.oid) > 100000 else false end as outdated
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('switchboard', 'pgboss')
  )
  select name, (case when dead then pg_total_relation_size(oid) else 0 end)::text as bytes, dead, outdated
  from found where dead or outdated order by name`;

/** What is written between two checkpoints: a process that was killed reads it again at its next start, in a second or two. */
const MAX_WAL_BYTES = 48 * 1024 ** 2;

const walSchema = z.array(z.object({ isLong: z.boolean() }));

export type Upkeep = {
  readonly vacuumed: readonly string[];
  readonly analysed: readonly string[];
  readonly checkpoint: boolean;
};

/**
 * Does what PostgreSQL's background processes do, which PGlite does not have: removes dead rows, counts how often values
 * occur, and makes a checkpoint, without which the files of the write-ahead log would only grow. One statement at a time,
 * in some milliseconds each: a vacuum reads the pages that have changed, statistics read 900 rows.
 *
 * Without it, each look for the next job passes the index entries of all jobs that have ended (4.5 ms after 20,000 of them,
 * less than 0.1 ms after a vacuum), and the planner takes every value of a filter for a rare one.
 */
export async function keepUpEmbedded(
  pglite: Pick<EmbeddedDatabase, 'query' | 'exec'>,
  options: { assertRoom?: AssertRoom; maxWalBytes?: number; isBusy?: boolean } = {},
): Promise<Upkeep> {
  const { assertRoom = async () => {}, maxWalBytes = MAX_WAL_BYTES, isBusy = false } = options;
  // Changes are counted with a delay of up to a second otherwise.
  await pglite.query('select pg_stat_force_next_flush()');
  const tables = rowsSchema.parse(
    (await pglite.query(tablesToKeepUp, [isBusy ? MAX_DEAD_ROWS.busy : MAX_DEAD_ROWS.quiet])).rows,
  );
  const vacuumed: string[] = [];
  const analysed: string[] = [];
  for (const { name, bytes, dead, outdated } of tables) {
    try {
      // In the worst case, a vacuum writes every page of the table and its indexes to the log.
      await assertRoom(dead ? bytes : 0);
      if (dead) {
        await pglite.exec(`vacuum ${name}`);
        vacuumed.push(name);
      }
      if (outdated) {
        await pglite.exec(`set local default_statistics_target = 3; analyze ${name}`);
        analysed.push(name);
      }
    } catch {
      // This costs time and no correctness. The checkpoint below is made all the same, because it gives room back.
    }
  }
  const written = await pglite.query(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) > $1 as "isLong" from pg_control_checkpoint()`,
    [maxWalBytes],
  );
  const checkpoint = walSchema.parse(written.rows).some(({ isLong }) => isLong);
  if (checkpoint) await pglite.exec('checkpoint');
  return { vacuumed, analysed, checkpoint };
}

/**
 * Keeps up an embedded store every ten seconds, counted from the end of the run before, so that runs never overlap. Returns
 * the function that ends it. A run that fails costs time and no correctness: the next one tries again, and a store that is
 * broken says so elsewhere.
 */
export function startKeepingUp(options: {
  pglite: Pick<EmbeddedDatabase, 'query' | 'exec' | 'urgentAt'>;
  assertRoom: AssertRoom;
}): () => void {
  const { pglite, assertRoom } = options;
  let hasStopped = false;
  let timer: NodeJS.Timeout;
  const waitAndRun = () => {
    timer = setTimeout(async () => {
      const isBusy = performance.now() - (pglite.urgentAt ?? Number.NEGATIVE_INFINITY) < QUIET_AFTER_MS;
      await keepUpEmbedded(pglite, { assertRoom, isBusy }).catch(() => {});
      if (!hasStopped) waitAndRun();
    }, UPKEEP_EVERY_MS).unref();
  };
  waitAndRun();
  return () => {
    hasStopped = true;
    clearTimeout(timer);
  };
}
