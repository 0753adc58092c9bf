import { and, asc, eq, isNull, ne, sql } from '../base/drizzle.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { anyOf } from './any-of.ts';
import type { Executor } from './database.ts';
import { classifications, examples, feedback, OUT_OF_SCOPE, tickets } from './schema.ts';
import type { Correction, CorrectionStore } from './store.ts';

/** A removed one has no hash. */
const isCorrection = and(eq(examples.source, 'feedback'), ne(examples.state, 'removed'));

/** Finds corrections by the index on the hash, and what was said of their tickets by primary keys. */
export function selectOfWords(executor: Pick<Executor, 'select'>, hashes: readonly string[]) {
  return executor
    .select({
      wordsHash: sql<string>`${examples.wordsHash}`,
      exampleId: examples.id,
      ticketId: examples.ticketId,
      intent: sql<string | null>`nullif(${examples.intent}, ${OUT_OF_SCOPE})`,
      state: sql<Correction['state']>`${examples.state}`,
      at: sql<string>`coalesce(${feedback.at}, ${examples.updatedAt})`.mapWith(examples.updatedAt),
      actor: feedback.actor,
      by: sql<string | null>`${feedback.feedback}->>'by'`,
      urgency: sql<Correction['urgency']>`${classifications.classification}->>'urgency'`,
      sentiment: sql<Correction['sentiment']>`${classifications.classification}->>'sentiment'`,
      language: sql<string | null>`${classifications.classification}->>'language'`,
    })
    .from(examples)
    .leftJoin(feedback, eq(feedback.id, examples.feedbackId))
    .leftJoin(
      classifications,
      and(eq(classifications.ticketId, feedback.ticketId), eq(classifications.revision, feedback.revision)),
    )
    .where(and(anyOf(examples.wordsHash, hashes), isCorrection))
    .orderBy(asc(feedback.id), asc(examples.id));
}

export function createCorrectionStore(executor: Executor): CorrectionStore {
  return {
    ofWords: async (hashes) => (hashes.length === 0 ? [] : selectOfWords(executor, hashes)),

    withoutHash: (limit) =>
      executor
        .select({
          exampleId: examples.id,
          // A later revision may have other words than those that were corrected.
          ticket: sql<Ticket | null>`case when ${tickets.revision} = ${feedback.revision} then ${tickets.ticket} end`,
        })
        .from(examples)
        .leftJoin(feedback, eq(feedback.id, examples.feedbackId))
        .leftJoin(tickets, eq(tickets.id, examples.ticketId))
        .where(and(isCorrection, isNull(examples.wordsHash)))
        .orderBy(asc(examples.id))
        .limit(limit),

    async setHash({ exampleId, wordsHash }) {
      await executor
        .update(examples)
        .set({ wordsHash })
        .where(and(eq(examples.id, exampleId), isCorrection, isNull(examples.wordsHash)));
    },
  };
}
