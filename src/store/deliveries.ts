import { and, count, desc, eq, gt, gte, sql } from '../base/drizzle.ts';
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
        .map(({ decisionId, delivery: { state, at, reason }, written = null }) => ({
          ...{ decisionId, state, at, reason, written },
        }));
      const { rows } = await executor.execute(sql`
        update ${deliveries} as delivery set "state" = entry."state", "at" = entry."at", "reason" = entry."reason",
          "written" = entry."written"
        from ${rowsOf(deliveries, ends)}
        where delivery."decision_id" = entry."decisionId" and delivery."state" = 'pending'
        returning delivery."decision_id"`);
      return new Set(rows.map(({ decision_id: id }) => String(id)));
    },

    async getWritten(decisionId) {
      const [row] = await executor
        .select({ written: deliveries.written })
        .from(deliveries)
        .where(eq(deliveries.decisionId, decisionId));
      return row?.written ?? null;
    },

    async markUndone(decisionId, { at, reason }) {
      const rows = await executor
        .update(deliveries)
        .set({ state: 'undone', at, reason })
        .where(and(eq(deliveries.decisionId, decisionId), eq(deliveries.state, 'delivered')))
        .returning({ decisionId: deliveries.decisionId });
      return rows.length > 0;
    },

    async findDelivered({ since, release, limit }) {
      const rows = await executor
        .select({ id: decisions.id })
        .from(deliveries)
        .innerJoin(decisions, eq(decisions.id, deliveries.decisionId))
        .where(
          and(
            eq(deliveries.state, 'delivered'),
            since && gte(deliveries.at, since.toISOString()),
            release === undefined ? undefined : eq(decisions.release, release),
          ),
        )
        .orderBy(desc(deliveries.at), desc(decisions.id))
        .limit(limit);
      return rows.map(({ id }) => id);
    },

    async findLaterDelivered({ ticketId, revision }) {
      const [row] = await executor
        .select({ id: decisions.id })
        .from(deliveries)
        .innerJoin(decisions, eq(decisions.id, deliveries.decisionId))
        .where(
          and(eq(decisions.ticketId, ticketId), gt(decisions.revision, revision), eq(deliveries.state, 'delivered')),
        )
        .orderBy(desc(decisions.revision))
        .limit(1);
      return row?.id ?? null;
    },

    async countDelivered({ ticketId, since }) {
      const [row] = await executor
        .select({ delivered: count().mapWith(Number) })
        .from(deliveries)
        .innerJoin(decisions, eq(decisions.id, deliveries.decisionId))
        .where(
          and(
            eq(decisions.ticketId, ticketId),
            eq(deliveries.state, 'delivered'),
            gte(deliveries.at, since.toISOString()),
          ),
        );
      return row?.delivered ?? 0;
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
