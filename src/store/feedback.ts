import { and, asc, count, eq, gte, sql } from '../base/drizzle.ts';
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
  actor: feedback.actor,
  state: feedback.state,
  why: feedback.why,
  undoneAt: feedback.undoneAt,
  undoneBy: feedback.undoneBy,
} satisfies Record<keyof StoredFeedback, unknown>;

export function createFeedbackStore(executor: Executor): FeedbackStore {
  return {
    async add({ feedback: value, ...entry }) {
      const { ticketId, revision, actor, state, why } = entry;
      const [row] = await executor
        .insert(feedback)
        .values({ ticketId, revision, actor, state, why, feedback: storable(value) })
        .returning(columns);
      if (row === undefined) throw new TypeError('an insert without a conflict clause returned no row');
      return row;
    },

    async ofTicket(ticketId) {
      return executor.select(columns).from(feedback).where(eq(feedback.ticketId, ticketId)).orderBy(asc(feedback.id));
    },

    async apply(id) {
      await executor.update(feedback).set({ state: 'applied', why: null }).where(eq(feedback.id, id));
    },

    async undo(id, by) {
      await executor
        .update(feedback)
        .set({ state: 'undone', undoneAt: sql`clock_timestamp()`, undoneBy: by })
        .where(eq(feedback.id, id));
    },

    async restore({ id, state, why }) {
      await executor.update(feedback).set({ state, why, undoneAt: null, undoneBy: null }).where(eq(feedback.id, id));
    },

    async countCorrections({ actor, since }) {
      const [row] = await executor
        .select({ corrections: count().mapWith(Number) })
        .from(feedback)
        .where(
          and(
            gte(feedback.at, since.toISOString()),
            eq(feedback.actor, actor),
            sql`(${feedback.feedback}->>'intent' is not null or ${feedback.feedback}->>'outOfScope' is not null)`,
          ),
        );
      return row?.corrections ?? 0;
    },
  };
}
