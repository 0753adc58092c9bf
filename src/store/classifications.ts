import { and, eq, sql } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { insertRows } from './insert-rows.ts';
import { classifications } from './schema.ts';
import type { ClassificationStore } from './store.ts';

export function createClassificationStore(executor: Executor): ClassificationStore {
  return {
    async get({ ticketId, revision }) {
      const [row] = await executor
        .select({ classification: classifications.classification })
        .from(classifications)
        .where(and(eq(classifications.ticketId, ticketId), eq(classifications.revision, revision)));
      return row?.classification ?? null;
    },

    async saveMany(items) {
      if (items.length === 0) return;
      const insert = insertRows(
        classifications,
        items.map(({ ticketId, revision, classification }) => ({
          ...{ ticketId, revision, intent: classification.intent },
          ...{ abstained: classification.abstained, classification },
        })),
      );
      await executor.execute(sql`${insert} on conflict do nothing`);
    },
  };
}
