import { and, asc, desc, eq, gt, inArray, lt, ne, or, sql } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { exampleColumns } from './examples.ts';
import { decisions, deliveries, erasures, examples, history, tickets } from './schema.ts';
import { storableText } from './storable.ts';
import type { Erasure, ErasureStore } from './store.ts';
import { createWebhookStore } from './webhooks.ts';

const columns = {
  id: erasures.id,
  at: erasures.at,
  actor: erasures.actor,
  tickets: erasures.tickets,
  examples: erasures.examples,
  ticketIds: erasures.ticketIds,
} satisfies Record<keyof Erasure, unknown>;

const isThere = ne(examples.state, 'removed');

export function createErasureStore(executor: Executor): ErasureStore {
  return {
    async findTickets(requester) {
      const rows = await executor
        .select({ id: tickets.id })
        .from(tickets)
        // The database lower-cases both sides, because lower-casing depends on its locale.
        .where(eq(tickets.requesterEmail, sql`lower(${requester})`))
        .orderBy(asc(tickets.position));
      return rows.map(({ id }) => id);
    },

    async findIdleTickets({ before, limit }) {
      const moment = before.toISOString();
      // Counted ticket by ticket: as `not exists`, the planner may compare each ticket with the whole history.
      const events = sql`(select count(*) from ${history} where ${history.ticketId} = ${tickets.id} and ${history.at} >= ${moment})`;
      const pending = sql`(select count(*) from ${decisions} join ${deliveries} on ${deliveries.decisionId} = ${decisions.id}
        where ${decisions.ticketId} = ${tickets.id} and ${deliveries.state} = 'pending')`;
      const rows = await executor
        .select({ id: tickets.id })
        .from(tickets)
        .where(
          and(
            lt(tickets.receivedAt, moment),
            eq(tickets.state, sql`'decided'`),
            sql`${events} = 0`,
            sql`${pending} = 0`,
          ),
        )
        .orderBy(asc(tickets.receivedAt))
        .limit(limit);
      return rows.map(({ id }) => id);
    },

    async findExamplesOfTickets(ticketIds) {
      if (ticketIds.length === 0) return [];
      // Version 0.1.0 put the ticket's id into the example's id and did not always store the ticket's id beside it.
      const names = ticketIds.map((id) => `feedback:${id}`);
      return executor
        .select(exampleColumns)
        .from(examples)
        .where(and(isThere, or(inArray(examples.ticketId, [...ticketIds]), inArray(examples.id, names))))
        .orderBy(asc(examples.id));
    },

    async findExamplesOfRequester(requester) {
      return executor
        .select(exampleColumns)
        .from(examples)
        .where(and(isThere, sql`lower(${examples.example}->'requester'->>'email') = lower(${requester})`))
        .orderBy(asc(examples.id));
    },

    async deleteTickets(ticketIds) {
      if (ticketIds.length === 0) return [];
      // Locks in the order of ids, as everywhere, so that two transactions wait for each other and do not deadlock.
      const found = await executor
        .select({ id: tickets.id, connector: tickets.connector, externalId: tickets.externalId })
        .from(tickets)
        .where(inArray(tickets.id, [...ticketIds]))
        .orderBy(tickets.id)
        .for('update');
      const ids = found.map(({ id }) => id);
      if (ids.length > 0) await executor.delete(tickets).where(inArray(tickets.id, ids));
      await createWebhookStore(executor).deleteOfTickets(found);
      return ids;
    },

    async record({ actor, examples: exampleCount, ticketIds }) {
      await executor.insert(erasures).values({ actor, ticketIds, tickets: ticketIds.length, examples: exampleCount });
    },

    async lastOf(ticketId) {
      const [row] = await executor
        .select(columns)
        .from(erasures)
        .where(sql`${erasures.ticketIds} @> ${JSON.stringify([storableText(ticketId)])}::jsonb`)
        .orderBy(desc(erasures.id))
        .limit(1);
      return row ?? null;
    },

    async after(id, limit) {
      return executor.select(columns).from(erasures).where(gt(erasures.id, id)).orderBy(asc(erasures.id)).limit(limit);
    },

    async forgetIds(before) {
      await executor
        .update(erasures)
        .set({ ticketIds: [] })
        .where(and(lt(erasures.at, before.toISOString()), ne(erasures.ticketIds, [])));
    },
  };
}
