import { eq, sql } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { insertRows } from './insert-rows.ts';
import { changes } from './schema.ts';
import { storable } from './storable.ts';
import type { ChangeStore, StoredChange } from './store.ts';

const columns = {
  connector: changes.connector,
  sourceId: changes.sourceId,
  field: changes.field,
  ticketId: changes.ticketId,
  at: changes.at,
  by: changes.by,
  from: changes.from,
  to: changes.to,
} satisfies Record<Exclude<keyof StoredChange, 'toName'>, unknown>;

const keyOf = ({ connector, sourceId, field }: Pick<StoredChange, 'connector' | 'sourceId' | 'field'>) =>
  JSON.stringify([connector, sourceId, field]);

export function createChangeStore(executor: Executor): ChangeStore {
  return {
    async insertMany(found) {
      if (found.length === 0) return [];
      const unique = new Map(found.map((change) => [keyOf(change), change]));
      const { rows } = await executor.execute(sql`${insertRows(changes, [...unique.values()])}
        on conflict do nothing returning "connector", "source_id", "field"`);
      const added = new Set(rows.map((row) => JSON.stringify([row.connector, row.source_id, row.field])));
      return [...unique.values()].filter((change) => added.has(keyOf(storable(change))));
    },

    ofTicket: (ticketId) =>
      executor
        .select(columns)
        .from(changes)
        .where(eq(changes.ticketId, ticketId))
        .orderBy(changes.at, changes.sourceId),
  };
}
