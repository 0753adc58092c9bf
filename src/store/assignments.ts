import { eq, inArray, sql } from '../base/drizzle.ts';
import type { Executor } from './database.ts';
import { assignments, tickets } from './schema.ts';
import type { Assignment, AssignmentStore } from './store.ts';

const columns = {
  team: assignments.team,
  assignee: assignments.assignee,
  by: assignments.actor,
  at: assignments.at,
  cause: assignments.cause,
} satisfies Record<keyof Assignment, unknown>;

export function createAssignmentStore(executor: Executor): AssignmentStore {
  return {
    async get(ticketId) {
      const [row] = await executor.select(columns).from(assignments).where(eq(assignments.ticketId, ticketId));
      return row ?? null;
    },

    async lock(ticketIds) {
      if (ticketIds.length === 0) return new Map();
      // Locks the row of the ticket, since a ticket without an assignment has no other row. Rows that refer to it can
      // still be written. Locks in the order of ids, so that two transactions wait for each other and do not deadlock.
      const held = await executor
        .select({ id: tickets.id })
        .from(tickets)
        .where(inArray(tickets.id, [...ticketIds]))
        .orderBy(tickets.id)
        .for('no key update');
      const rows = await executor
        .select({ ticketId: assignments.ticketId, ...columns })
        .from(assignments)
        .where(inArray(assignments.ticketId, [...ticketIds]));
      const byTicket = new Map(rows.map(({ ticketId, ...assignment }) => [ticketId, assignment]));
      return new Map(held.map(({ id }) => [id, byTicket.get(id) ?? null]));
    },

    async saveMany(items) {
      if (items.length === 0) return;
      await executor
        .insert(assignments)
        .values(
          items.map(({ ticketId, team, assignee, by, cause }) => ({ ticketId, team, assignee, actor: by, cause })),
        )
        .onConflictDoUpdate({
          target: assignments.ticketId,
          set: {
            team: sql`excluded.team`,
            assignee: sql`excluded.assignee`,
            actor: sql`excluded.actor`,
            cause: sql`excluded.cause`,
            at: sql`clock_timestamp()`,
          },
        });
    },

    async remove(ticketId) {
      await executor.delete(assignments).where(eq(assignments.ticketId, ticketId));
    },
  };
}
