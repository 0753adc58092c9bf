import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { codeOf } from '../base/safe-error.ts';
import { StoreUnavailableError } from '../errors.ts';
import type { Executor } from './database.ts';

/** Written by drizzle-kit from schema.ts; shipped with the package. */
const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** What drizzle's migrator is told. Its table has our name, because other programs may share the database. */
export const migrationSettings = { migrationsFolder, migrationsTable: 'switchboard_migrations' };

const journalSchema = z.object({ entries: z.array(z.object({ when: z.number() })) });

/**
 * Runs `migrate` (drizzle's migrator of the driver in use) and turns what goes wrong into a StoreUnavailableError.
 * Refuses a database that a newer version of Switchboard has migrated.
 */
export async function runMigrations(options: {
  executor: Executor;
  location: string;
  migrate: () => Promise<void>;
}): Promise<void> {
  const { executor, location, migrate } = options;
  const journal = journalSchema.parse(JSON.parse(readFileSync(`${migrationsFolder}/meta/_journal.json`, 'utf8')));
  const newestKnown = Math.max(...journal.entries.map((entry) => entry.when));
  const newestApplied = await findNewestApplied(executor);
  if (newestApplied !== null && newestApplied > newestKnown) {
    throw new StoreUnavailableError({
      message: `The database at ${location} was written by a newer version of Switchboard. Update this installation, or use another database.`,
    });
  }
  try {
    await migrate();
  } catch (error) {
    throw new StoreUnavailableError({ message: explainMigrationFailure(error, location) });
  }
}

async function findNewestApplied(executor: Executor): Promise<number | null> {
  const table = `drizzle.${migrationSettings.migrationsTable}`;
  const found = rowsSchema.parse(await executor.execute(sql`select to_regclass(${table})::text as newest`)).rows[0];
  if (found === undefined || found.newest === null) return null;
  const newest = await executor.execute(sql.raw(`select max(created_at)::text as newest from ${table}`));
  return Number(rowsSchema.parse(newest).rows[0]?.newest ?? 0);
}
const rowsSchema = z.object({ rows: z.array(z.object({ newest: z.string().nullable() })) });

function explainMigrationFailure(error: unknown, location: string): string {
  const code = codeOf(error);
  const start = `The database at ${location} could not be brought up to date`;
  switch (code) {
    case '0A000':
    case '58P01':
      return `${start}: it lacks the extension pgvector (${code}). Install pgvector on the server, then start again.`;
    case '42501':
      return `${start}: this account lacks a right (${code}). Grant it CREATE on the database, and let an administrator run CREATE EXTENSION vector.`;
    case '53100':
    case 'ENOSPC':
      return `${start}: the disk is full (${code}). Make room, then start again.`;
    default:
      return `${start} (${code ?? 'no error code'}). Nothing was changed; 'switchboard doctor' says more.`;
  }
}
