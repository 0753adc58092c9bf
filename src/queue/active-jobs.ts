import { z } from 'zod';

type Database = { executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> };

const countSchema = z.object({ active: z.number() });
const jobsSchema = z.array(z.object({ name: z.string(), id: z.string() }));

// With the names, because pg-boss's index of live jobs starts with them.
const areActive = `from pgboss.job where name = any($1::text[]) and state = 'active'`;

/** The number of jobs of these queues that workers are doing now. */
export async function countActiveJobs(database: Database, queues: readonly string[]): Promise<number> {
  const { rows } = await database.executeSql(`select count(*)::int as active ${areActive}`, [queues]);
  return countSchema.parse(rows[0]).active;
}

export async function findActiveJobs(
  database: Database,
  queues: readonly string[],
): Promise<readonly { readonly name: string; readonly id: string }[]> {
  const { rows } = await database.executeSql(`select name, id ${areActive}`, [queues]);
  return jobsSchema.parse(rows);
}
