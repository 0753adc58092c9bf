import type { PGlite } from '@electric-sql/pglite';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Pool } from 'pg';

/** A drizzle database or transaction, whichever driver is below it. */
export type Executor = PgDatabase<PgQueryResultHKT, Record<string, never>>;

/** The driver behind a store. */
export type Connection =
  | { readonly kind: 'embedded'; readonly pglite: PGlite }
  | { readonly kind: 'postgresql'; readonly pool: Pool; readonly databaseUrl: string };
