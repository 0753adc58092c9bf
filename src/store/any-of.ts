import type { PgColumn } from 'drizzle-orm/pg-core';
import { type SQL, sql } from '../base/drizzle.ts';

/**
 * True for rows whose column has one of these values. The same text for any number of values, unlike `in`, so that the
 * database need not plan it anew for each number.
 */
export function anyOf(column: PgColumn | SQL, values: readonly (string | number)[]): SQL {
  return sql`${column} = any(${sql.param([...values])})`;
}
