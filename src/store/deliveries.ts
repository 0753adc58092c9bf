import { and, count, eq } from '../base/drizzle.ts';
import { anyOf } from './any-of.ts';
import type { Executor } from './database.ts';
import { readDecision } from './decisions.ts';
import { classifications, decisions, deliveries, storedTicketColumns, tickets } from './schema.ts';
import { storableText } from './storable.ts';
import type { DeliveryStore } from './store.ts';

export function createDeliveryStore(executor: Executor): DeliveryStore {
  return {
    async get(decisionId) {
      const [row] = await executor
        .select({ state: deliveries.state, at: deliveries.at, reason: deliveries.reason })
        .from(deliveries)
        .where(eq(deliveries.decisionId, decisionId));
      return row ?? null;
    },

    async getOrders(decisionIds) {
      if (decisionIds.length === 0) return [];
      const rows = await executor
        .select({
          state: deliveries.state,
          at: deliveries.at,
          reason: deliveries.reason,
          decision: decisions.decision,
          revision: decisions.revision,
          ticket: storedTicketColumns,
          classification: classifications.classification,
        })
        .from(deliveries)
        .innerJoin(decisions, eq(decisions.id, deliveries.decisionId))
        .innerJoin(tickets, eq(tickets.id, decisions.ticketId))
        .innerJoin(
          classifications,
          and(eq(classifications.ticketId, decisions.ticketId), eq(classifications.revision, decisions.revision)),
        )
        .where(anyOf(deliveries.decisionId, decisionIds));
      return rows.map(({ state, at, reason, decision, ...order }) => ({
        ...order,
        decision: readDecision(decision),
        delivery: { state, at, reason },
      }));
    },

    async openMany(items) {
      if (items.length === 0) return;
      await executor
        .insert(deliveries)
        .values(items.map(({ decisionId, delivery }) => ({ decisionId, ...delivery })))
        .onConflictDoNothing();
    },

    async finishMany(items) {
      const finished = new Set<string>();
      // Deliveries with the same result share one statement; most of a batch has the same result.
      const groups = Map.groupBy(items, ({ delivery }) => JSON.stringify(delivery));
      for (const group of groups.values()) {
        const delivery = group[0]?.delivery;
        if (delivery === undefined) continue;
        const rows = await executor
          .update(deliveries)
          .set({
            state: delivery.state,
            at: delivery.at,
            reason: delivery.reason === null ? null : storableText(delivery.reason),
          })
          .where(
            and(
              anyOf(
                deliveries.decisionId,
                group.map((item) => item.decisionId),
              ),
              eq(deliveries.state, 'pending'),
            ),
          )
          .returning({ decisionId: deliveries.decisionId });
        for (const row of rows) finished.add(row.decisionId);
      }
      return finished;
    },

    async countPending() {
      const [row] = await executor
        .select({ pending: count().mapWith(Number) })
        .from(deliveries)
        .where(eq(deliveries.state, 'pending'));
      return row?.pending ?? 0;
    },
  };
}
