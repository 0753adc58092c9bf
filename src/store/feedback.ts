import { asc, eq } from 'drizzle-orm';
import type { Executor } from './database.ts';
import { feedback } from './schema.ts';
import { storable } from './storable.ts';
import type { FeedbackStore, StoredFeedback } from './store.ts';

const columns = {
  id: feedback.id,
  ticketId: feedback.ticketId,
  revision: feedback.revision,
  at: feedback.at,
  feedback: feedback.feedback,
} satisfies Record<keyof StoredFeedback, unknown>;

export function createFeedbackStore(executor: Executor): FeedbackStore {
  return {
    async add({ ticketId, revision }, value) {
      const [row] = await executor
        .insert(feedback)
        .values({ ticketId, revision, feedback: storable(value) })
        .returning(columns);
      if (row === undefined) throw new TypeError('an insert without conflict clause answered no row');
      return row;
    },

    async ofTicket(ticketId) {
      return executor.select(columns).from(feedback).where(eq(feedback.ticketId, ticketId)).orderBy(asc(feedback.id));
    },
  };
}
