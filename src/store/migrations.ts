import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { sql } from '../base/drizzle.ts';
import type { OnProgress } from '../base/progress.ts';
import { codeOf } from '../base/safe-error.ts';
import { StoreUnavailableError } from '../errors.ts';
import type { Executor } from './database.ts';

/** Written by drizzle-kit from schema.ts; shipped with the package. */
const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** Settings of drizzle's migrator. Its table has our name, because other programs may share the database. */
export const migrationSettings = { migrationsFolder, migrationsTable: 'switchboard_migrations' };

const journalSchema = z.object({
  entries: z.array(z.object({ idx: z.number(), when: z.number(), tag: z.string() })).min(1),
});

/** Between two statements of a migration, as drizzle-kit writes it. */
const BREAKPOINT = '--> statement-breakpoint';

/** How a database compares with the migrations that this program knows. */
export type MigrationState = {
  /** No program has created its tables yet. */
  readonly isNew: boolean;
  /** Migrations that the next start runs. */
  readonly pending: number;
  /** What they consist of, in the order in which they run. */
  readonly statements: () => readonly string[];
  /** A newer program has run migrations that this one does not know. */
  readonly isNewer: boolean;
  /** Number of the newest migration that this program knows. */
  readonly known: number;
  /** A program must know the migrations up to this number; null when no migration has set it. */
  readonly oldestProgram: number | null;
};

/** Only reads, never writes. */
export async function readMigrationState(executor: Executor): Promise<MigrationState> {
  const entries = readJournal();
  const newestApplied = await readNumber(executor, {
    table: `drizzle.${migrationSettings.migrationsTable}`,
    value: 'max(created_at)',
  });
  const oldestProgram = await readNumber(executor, { table: 'switchboard.schema_info', value: 'max(oldest_program)' });
  const pending = entries.filter(({ when }) => newestApplied === null || when > newestApplied);
  return {
    isNew: newestApplied === null,
    pending: pending.length,
    statements: () => pending.flatMap(({ tag }) => readStatements(tag)),
    isNewer: newestApplied !== null && entries.every(({ when }) => when < newestApplied),
    known: Math.max(...entries.map(({ idx }) => idx)),
    oldestProgram,
  };
}

/** Why this program cannot work with the database, for people; null when it can. */
export function explainTooOld(state: MigrationState, location: string): string | null {
  const { isNewer, known, oldestProgram } = state;
  if (!isNewer || (oldestProgram !== null && oldestProgram <= known)) return null;
  const needs = oldestProgram === null ? '' : `: it needs one that knows its tables up to number ${oldestProgram}`;
  return `The database at ${location} was brought up to date by a newer version of Switchboard and no longer works with this one, which knows its tables up to number ${known}${needs}. Update this installation, or use another database.`;
}

/**
 * Runs `migrate` (drizzle's migrator of the driver in use), which tells `onStatement` of each statement before it runs it: all
 * within one transaction, so that a program that is killed leaves the tables as they were. Turns its errors into a
 * StoreUnavailableError. A database that a newer version has migrated is used as it is, or refused when that version says this
 * one is too old.
 */
export async function runMigrations(options: {
  executor: Executor;
  location: string;
  migrate: (onStatement: (text: string) => void) => Promise<void>;
  onProgress?: OnProgress | undefined;
}): Promise<void> {
  const { executor, location, migrate, onProgress } = options;
  const state = await readMigrationState(executor);
  const tooOld = explainTooOld(state, location);
  if (tooOld !== null) throw new StoreUnavailableError({ message: tooOld });
  if (state.isNewer) return;
  try {
    await migrate(state.isNew || state.pending === 0 ? () => {} : countStatements(state.statements(), onProgress));
  } catch (error) {
    throw new StoreUnavailableError({ message: explainMigrationFailure(error, location) });
  }
}

/** Says how far it is: filling and indexing new tables may take minutes on a large store. */
function countStatements(statements: readonly string[], onProgress: OnProgress | undefined): (text: string) => void {
  const known = new Set(statements);
  let begun = 0;
  return (text) => {
    if (!known.has(text)) return; // The migrator has statements of its own.
    onProgress?.({ step: 'upgrading the store', done: begun, total: statements.length });
    begun += 1;
  };
}

function readJournal() {
  return journalSchema.parse(JSON.parse(readFileSync(`${migrationsFolder}/meta/_journal.json`, 'utf8'))).entries;
}

function readStatements(tag: string): string[] {
  return readFileSync(`${migrationsFolder}/${tag}.sql`, 'utf8').split(BREAKPOINT);
}

/** Null when the table is missing or empty. Both texts are constants of this file, not user input. */
async function readNumber(executor: Executor, { table, value }: { table: string; value: string }) {
  const found = rowsSchema.parse(await executor.execute(sql`select to_regclass(${table})::text as value`)).rows[0];
  if (found === undefined || found.value === null) return null;
  const { rows } = rowsSchema.parse(await executor.execute(sql.raw(`select ${value}::text as value from ${table}`)));
  return rows[0] === undefined || rows[0].value === null ? null : Number(rows[0].value);
}
const rowsSchema = z.object({ rows: z.array(z.object({ value: z.string().nullable() })) });

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
