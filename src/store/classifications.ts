import { and, eq } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { classifications } from './schema.ts';
import { storable } from './storable.ts';
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
      await executor
        .insert(classifications)
        .values(
          items.map(({ ticketId, revision, classification }) => ({
            ticketId,
            revision,
            intent: classification.intent,
            abstained: classification.abstained,
            classification: storable(classification),
          })),
        )
        .onConflictDoNothing();
    },
  };
}
