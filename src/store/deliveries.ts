import { and, count, eq, sql } from '../base/drizzle.ts';
import { anyOf } from './any-of.ts';
import type { Executor } from './database.ts';
import { readDecision } from './decisions.ts';
import { insertRows, rowsOf } from './insert-rows.ts';
import { classifications, decisions, deliveries, storedTicketColumns, tickets } from './schema.ts';
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
      const insert = insertRows(
        deliveries,
        items.map(({ decisionId, delivery: { state, at, reason } }) => ({ decisionId, state, at, reason })),
      );
      await executor.execute(sql`${insert} on conflict do nothing`);
    },

    async finishMany(items) {
      if (items.length === 0) return new Set();
      // The first of two ends of one delivery counts.
      const ends = items
        .filter(({ decisionId }, index) => items.findIndex((other) => other.decisionId === decisionId) === index)
        .map(({ decisionId, delivery: { state, at, reason } }) => ({ decisionId, state, at, reason }));
      const { rows } = await executor.execute(sql`
        update ${deliveries} as delivery set "state" = entry."state", "at" = entry."at", "reason" = entry."reason"
        from ${rowsOf(deliveries, ends)}
        where delivery."decision_id" = entry."decisionId" and delivery."state" = 'pending'
        returning delivery."decision_id"`);
      return new Set(rows.map(({ decision_id: id }) => String(id)));
    },

    async countPending() {
      const [row] = await executor
        .select({ pending: count().mapWith(Number) })
        .from(deliveries)
        .where(eq(deliveries.state, sql`'pending'`)); // A value would not let a prepared plan use the index.
      return row?.pending ?? 0;
    },
  };
}
