// Each hot query must find its rows by an index.
import type { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzleNodePostgres } from 'drizzle-orm/node-postgres';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../base/drizzle.ts';
import { countActiveJobs, findActiveJobs } from '../queue/active-jobs.ts';
import { findLostWork } from '../queue/lost-work.ts';
import { openQueue } from '../queue/open-queue.ts';
import { fillStore } from '../testing/fill-store.ts';
import { hotQueries } from '../testing/hot-queries.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import { createEntities } from './entities.ts';

type Statement = { readonly text: string; readonly values: unknown[] };

describe.each(storeKinds)('on $kind', ({ skip, open }) => {
  let opened: TestStore;
  beforeAll(async () => {
    if (skip) return;
    opened = await open();
    await (await openQueue({ connection: opened.store.connection })).close();
    await fillStore({ store: opened.store, tickets: 5_000, examples: 5_000 });
  }, 120_000);
  afterAll(() => opened?.[Symbol.asyncDispose]());

  /** On 5,000 rows the planner may prefer to read a whole table; then a table without a fitting index is read whole. */
  const explain = async (statements: readonly Statement[]): Promise<string> => {
    const { connection } = opened.store;
    const plans: string[] = [];
    const explainAll = async (query: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>) => {
      await query('set enable_seqscan = off');
      for (const { text, values } of statements) {
        const { rows } = await query(`explain ${text}`, values);
        plans.push(...rows.map((row) => String(Object.values(row as object)[0])));
      }
      await query('reset enable_seqscan');
    };
    /** The plan of a prepared statement, which PostgreSQL may make once for all values. */
    const explainGeneric = async (query: (text: string) => Promise<{ rows: unknown[] }>) => {
      await query('set enable_seqscan = off');
      await query('set plan_cache_mode = force_generic_plan');
      for (const { text, values } of statements) {
        await query(`prepare hot as ${text}`);
        const nulls = values.length === 0 ? '' : `(${values.map(() => 'null').join(', ')})`;
        const { rows } = await query(`explain execute hot${nulls}`);
        plans.push(...rows.map((row) => String(Object.values(row as object)[0])));
        await query('deallocate hot');
      }
      await query('reset plan_cache_mode');
      await query('reset enable_seqscan');
    };
    if (connection.kind === 'embedded') {
      await explainAll((text, values) => connection.pglite.query(text, values));
    } else {
      const client = await connection.pool.connect();
      await explainAll((text, values) => client.query(text, values))
        .then(() => explainGeneric((text) => client.query(text)))
        .finally(() => client.release());
    }
    return plans.join('\n');
  };

  /** The plans of all statements that `run` sends. */
  async function plansOf(run: (entities: ReturnType<typeof createEntities>) => Promise<unknown>): Promise<string> {
    const { connection } = opened.store;
    const sent: Statement[] = [];
    const logger = { logQuery: (text: string, values: unknown[]) => void sent.push({ text, values }) };
    // The cast: drizzle's driver calls `query` and `transaction` alone.
    const executor =
      connection.kind === 'embedded'
        ? drizzlePglite({ client: connection.pglite as PGlite, logger })
        : drizzleNodePostgres({ client: connection.pool, logger });
    await run(createEntities(executor, (work) => work()));
    return explain(sent);
  }

  test.skipIf(skip).for([...hotQueries])('$name: by index', async ({ run, uses }) => {
    const plans = await plansOf((entities) => run(entities, 1));
    for (const index of uses) expect(plans).toContain(index);
    expect(plans).not.toMatch(
      /Seq Scan on (tickets|ticket_facts|ticket_words|classifications|decisions|deliveries|assignments|feedback|history|examples|reviews)\b/,
    );
  });

  test.skipIf(skip).for([
    { name: 'lost work', run: findLostWork },
    { name: 'active jobs', run: (database: Database) => countActiveJobs(database, ['decide', 'deliver']) },
    { name: 'abandoned jobs', run: (database: Database) => findActiveJobs(database, ['decide', 'deliver']) },
  ])('$name: without the jobs that are done', async ({ run }) => {
    const sent: Statement[] = [];
    await run({
      executeSql: async (text, values = []) => {
        sent.push({ text, values });
        return { rows: text.includes('count(') ? [{ active: 0 }] : [] };
      },
    });
    const plans = await explain(sent);
    expect(plans).toContain('job_common_i14');
    expect(plans).not.toMatch(/Seq Scan on job/);
  });
});

describe.each(storeKinds)('a search by words on $kind', ({ skip, open }) => {
  test.skipIf(skip)('reads the index of words alone, with the settings of its function', async () => {
    await using opened = await open();
    const plan = await opened.store.transaction(async ({ executor }) => {
      const { rows } = await executor.execute(
        sql`select array_to_string(proconfig, '; ') as settings from pg_proc where proname = 'find_words'`,
      );
      for (const setting of String(rows[0]?.settings).split('; '))
        await executor.execute(sql.raw(`set local ${setting}`));
      return executor.execute(
        sql`explain select position from switchboard.ticket_words where words @@ 'a & b:*'::tsquery`,
      );
    });
    expect(JSON.stringify(plan.rows)).toContain('Bitmap Index Scan on ticket_words_words');
  });
});

type Database = Parameters<typeof findLostWork>[0];
