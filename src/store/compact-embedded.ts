import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Connection } from './database.ts';

type Embedded = Connection & { readonly kind: 'embedded' };

/**
 * Rewrites the tables and their log without the deleted rows. Otherwise the bytes of a deleted row stay in the file
 * until its space is used again, and the log (`pg_wal`) contains every row a second time.
 *
 * Each table is one statement, which holds up others for about 11 ms per megabyte. When the signal aborts, it stops before
 * the next table.
 */
export async function compactEmbedded({ pglite, assertRoom }: Embedded, signal?: AbortSignal): Promise<void> {
  const query = async <T extends z.ZodObject>(schema: T, statement: string) =>
    z.array(schema).parse((await pglite.query(statement)).rows);

  const tables = await query(
    z.object({ name: z.string(), bytes: z.coerce.number() }),
    `select format('%I.%I', schemaname, tablename) as name,
      pg_total_relation_size(format('%I.%I', schemaname, tablename)::regclass) as bytes
     from pg_tables where schemaname = 'switchboard' order by tablename`,
  );
  for (const { name, bytes } of tables) {
    signal?.throwIfAborted();
    await assertRoom(2 * bytes); // the new table, and the log of writing it
    await pglite.exec(`vacuum full ${name}`);
    await setImmediate(); // lets other work run between two tables
  }

  // PostgreSQL renames finished log segments and keeps them for reuse, content included. Switching to the next segment
  // fills the rest of the current one with zeros: after switching through all of them, the old log is gone.
  const switchSegment = async () => {
    signal?.throwIfAborted();
    await assertRoom();
    // PostgreSQL does not switch away from an empty segment, so write one record first.
    await pglite.exec(`select pg_logical_emit_message(false, 'switchboard', ''); select pg_switch_wal()`);
    await setImmediate();
  };
  const readName = async (statement: string) => (await query(z.object({ name: z.string() }), statement))[0]?.name ?? '';
  // The segments in use become finished ones first, so that none is renamed after its turn.
  await switchSegment();
  await pglite.exec('checkpoint');
  const newest = await readName(
    `select max(name) as name from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' having max(name) is not null`,
  );
  while ((await readName('select pg_walfile_name(pg_current_wal_insert_lsn()) as name')) <= newest) {
    await switchSegment();
  }
  await pglite.exec('checkpoint');
}
