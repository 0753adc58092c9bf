import { and, count, eq, inArray, or, sql } from '../base/drizzle.ts';
import { anyOf } from './any-of.ts';
import { createAssignmentStore } from './assignments.ts';
import { createChangeStore } from './changes.ts';
import type { Executor } from './database.ts';
import { readDecision } from './decisions.ts';
import { createFeedbackStore } from './feedback.ts';
import { createHistoryStore } from './history.ts';
import { insertRows } from './insert-rows.ts';
import { selectOldestWaiting } from './oldest-waiting.ts';
import { createPlaceStore } from './places.ts';
import { classifications, counters, decisions, deliveries, storedTicketColumns, tickets } from './schema.ts';
import { storable } from './storable.ts';
import type {
  HistoryEntry,
  NewTicket,
  PlaceRecord,
  StoredPlace,
  TicketRecord,
  TicketStore,
  TicketSummary,
} from './store.ts';
import { listTickets } from './ticket-list.ts';

export function createTicketStore(executor: Executor): TicketStore {
  const summaries = () =>
    executor
      .select({
        position: tickets.position,
        ticketId: tickets.id,
        connector: tickets.connector,
        externalId: tickets.externalId,
        revision: tickets.revision,
        state: tickets.state,
        receivedAt: tickets.receivedAt,
        ticket: tickets.ticket,
        classification: classifications.classification,
        decision: decisions.decision,
        deliveryState: deliveries.state,
        deliveryAt: deliveries.at,
        deliveryReason: deliveries.reason,
      })
      .from(tickets)
      .leftJoin(
        classifications,
        and(eq(classifications.ticketId, tickets.id), eq(classifications.revision, tickets.revision)),
      )
      .leftJoin(decisions, and(eq(decisions.ticketId, tickets.id), eq(decisions.revision, tickets.revision)))
      .leftJoin(deliveries, eq(deliveries.decisionId, decisions.id));

  const insert = (newTickets: readonly NewTicket[]) => {
    // Always in the same order, so that two transactions that share keys wait for each other and do not deadlock.
    const ordered = [...newTickets].sort((a, b) => (a.id < b.id ? -1 : 1));
    return insertRows(
      tickets,
      ordered.map(({ id, connector, externalId, revision, contentHash, ticket, opening = null }) => ({
        ...{ id, connector, externalId, revision, contentHash, ticket, opening },
        state: 'received' as const,
      })),
    );
  };

  const countWaiting = async () => {
    const [row] = await executor
      .select({ waiting: count().mapWith(Number) })
      .from(tickets)
      .where(eq(tickets.state, sql`'received'`));
    return row?.waiting ?? 0;
  };

  return {
    async get(ticketId) {
      const [row] = await executor.select(storedTicketColumns).from(tickets).where(eq(tickets.id, ticketId));
      return row ?? null;
    },

    async getMany(ticketIds) {
      if (ticketIds.length === 0) return [];
      return executor.select(storedTicketColumns).from(tickets).where(anyOf(tickets.id, ticketIds));
    },

    async lock(ticketIds) {
      if (ticketIds.length === 0) return new Map();
      // Locks the row of the ticket, since a ticket without an assignment has no other row. Rows that refer to it can
      // still be written. Locks in the order of ids, so that two transactions wait for each other and do not deadlock.
      const rows = await executor
        .select({ id: tickets.id, position: tickets.position })
        .from(tickets)
        .where(anyOf(tickets.id, ticketIds))
        .orderBy(tickets.id)
        .for('no key update');
      return new Map(rows.map(({ id, position }) => [id, position]));
    },

    async getRecord(ticketId) {
      const [row] = await summaries().where(eq(tickets.id, ticketId));
      if (row === undefined) return null;
      const [history, feedback, assignment, places, changes] = await Promise.all([
        createHistoryStore(executor).ofTicket(ticketId),
        createFeedbackStore(executor).ofTicket(ticketId),
        createAssignmentStore(executor).get(ticketId),
        createPlaceStore(executor).getMany([ticketId]),
        createChangeStore(executor).ofTicket(ticketId),
      ]);
      const place = places.get(ticketId);
      const { connector, externalId } = row;
      const summary = mapSummary(row);
      return {
        ...summary,
        delivery: withReasonFacts(summary, history),
        connector,
        externalId,
        assignment,
        place: place === undefined ? null : recordOfPlace(place),
        changes: changes.map(({ ticketId: _, connector: __, ...change }) => change),
        feedback,
        history: history.map(({ ticketId: _, ...entry }) => entry),
      };
    },

    list: (request = {}) => listTickets(executor, request),

    async count() {
      const totals = await executor
        .select({ name: counters.name, value: counters.value })
        .from(counters)
        .where(inArray(counters.name, ['tickets', 'tickets-erased']));
      const total = (wanted: string) => totals.find(({ name }) => name === wanted)?.value ?? 0;
      const received = await countWaiting();
      return { received, decided: Math.max(0, total('tickets') - total('tickets-erased') - received) };
    },

    countWaiting,

    async oldestWaitingSeconds() {
      const { rows } = await executor.execute(sql.raw(selectOldestWaiting));
      const seconds = rows[0]?.seconds;
      // A clock that was set back must not give a time below 0.
      return typeof seconds === 'number' ? Math.max(0, seconds) : null;
    },

    async findByKeys(keys) {
      if (keys.length === 0) return [];
      const byConnector = Map.groupBy(keys, (key) => key.connector);
      const conditions = [...byConnector].map(([connector, group]) =>
        and(
          eq(tickets.connector, connector),
          anyOf(
            tickets.externalId,
            group.map((key) => key.externalId),
          ),
        ),
      );
      return executor
        .select(storedTicketColumns)
        .from(tickets)
        .where(or(...conditions));
    },

    async insertNew(newTickets) {
      if (newTickets.length > 0) await executor.execute(insert(newTickets));
    },

    async insertMany(newTickets) {
      if (newTickets.length === 0) return new Set();
      const { rows } = await executor.execute(sql`${insert(newTickets)} on conflict do nothing returning "id"`);
      return new Set(rows.map(({ id }) => String(id)));
    },

    async revise({ ticket, fromRevision }) {
      const rows = await executor
        .update(tickets)
        .set({
          revision: ticket.revision,
          contentHash: ticket.contentHash,
          ticket: storable(ticket.ticket),
          opening: storable(ticket.opening ?? null),
          state: 'received',
        })
        .where(and(eq(tickets.id, ticket.id), eq(tickets.revision, fromRevision)))
        .returning({ id: tickets.id });
      return rows.length > 0;
    },

    async markDecided(refs) {
      for (const [revision, group] of Map.groupBy(refs, (ref) => ref.revision)) {
        const ids = group.map((ref) => ref.ticketId);
        await executor
          .update(tickets)
          .set({ state: 'decided' })
          .where(and(anyOf(tickets.id, ids), eq(tickets.revision, revision)));
      }
    },
  };
}

type SummaryRow = Omit<TicketSummary, 'delivery'> & {
  deliveryState: NonNullable<TicketSummary['delivery']>['state'] | null;
  deliveryAt: string | null;
  deliveryReason: string | null;
};

function mapSummary(row: SummaryRow): TicketSummary {
  return {
    ticketId: row.ticketId,
    revision: row.revision,
    state: row.state,
    receivedAt: row.receivedAt,
    ticket: row.ticket,
    classification: row.classification,
    decision: row.decision === null ? null : readDecision(row.decision),
    delivery:
      row.deliveryState === null ? null : { state: row.deliveryState, at: row.deliveryAt, reason: row.deliveryReason },
  };
}

const recordOfPlace = ({ place, state, handling, readAt }: StoredPlace): PlaceRecord => ({
  ...place,
  state,
  handling,
  readAt,
});

/** The facts of a delivery's reason are stored with the event that ended it. */
function withReasonFacts(
  { decision, delivery }: Pick<TicketRecord, 'decision' | 'delivery'>,
  history: readonly HistoryEntry[],
): TicketRecord['delivery'] {
  if (decision === null || delivery === null || delivery.reason === null) return delivery;
  const ended = history.findLast(
    ({ facts, detail }) => 'decisionId' in facts && facts.decisionId === decision.id && detail === delivery.reason,
  );
  return ended !== undefined && 'reasonFacts' in ended.facts
    ? { ...delivery, reasonFacts: ended.facts.reasonFacts }
    : delivery;
}
