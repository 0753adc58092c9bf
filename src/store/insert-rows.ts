import type { PgTable } from 'drizzle-orm/pg-core';
import { getTableColumns, type SQL, sql } from '../base/drizzle.ts';
import { storableText } from './storable.ts';

type Column = { readonly key: string; readonly name: string; readonly type: string };

/** Starts a statement that inserts rows; what `rowsOf` says holds for them. */
export function insertRows<Table extends PgTable>(table: Table, rows: readonly Table['$inferInsert'][]): SQL {
  const columns = columnsOf(table, rows);
  return sql`insert into ${table} (${list(columns, ({ name }) => name)})
    select ${list(columns, ({ key }) => `entry."${key}"`)} from ${rowsOf(table, rows)}`;
}

/**
 * Rows of some columns of a table as the relation `entry`, whose columns have the names of the keys. All rows have the same
 * keys. They are one value of the statement, so that its text is the same for any number of rows, and the database plans it
 * once. Texts are made storable.
 */
export function rowsOf<Table extends PgTable>(table: Table, rows: readonly Partial<Table['$inferInsert']>[]): SQL {
  const types = list(columnsOf(table, rows), ({ key, type }) => `"${key}" ${type}`);
  return sql`jsonb_to_recordset(${toStorableJson(rows)}::text::jsonb) as entry (${types})`;
}

/** `bigserial` is `bigint` with a default, and no type of its own. */
function columnsOf(table: PgTable, rows: readonly object[]): Column[] {
  const known = getTableColumns(table);
  return Object.keys(rows[0] ?? {}).flatMap((key) => {
    const column = known[key];
    return column === undefined
      ? []
      : [{ key, name: `"${column.name}"`, type: column.getSQLType().replace('serial', 'int') }];
  });
}

const list = (columns: readonly Column[], write: (column: Column) => string) => sql.raw(columns.map(write).join(', '));

/** As `storable` does, in one pass. */
const toStorableJson = (value: unknown) =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
