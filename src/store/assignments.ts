import { eq, sql } from '../base/drizzle.ts';
import { anyOf } from './any-of.ts';
import type { Executor } from './database.ts';
import { insertRows } from './insert-rows.ts';
import { assignments } from './schema.ts';
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

    async getMany(ticketIds) {
      if (ticketIds.length === 0) return new Map();
      const rows = await executor
        .select({ ticketId: assignments.ticketId, ...columns })
        .from(assignments)
        .where(anyOf(assignments.ticketId, ticketIds));
      return new Map(rows.map(({ ticketId, ...assignment }) => [ticketId, assignment]));
    },

    async saveMany(items) {
      if (items.length === 0) return;
      const insert = insertRows(
        assignments,
        items.map(({ ticketId, team, assignee, by, cause }) => ({ ticketId, team, assignee, actor: by, cause })),
      );
      await executor.execute(sql`${insert}
        on conflict ("ticket_id") do update set "team" = excluded."team", "assignee" = excluded."assignee",
          "actor" = excluded."actor", "cause" = excluded."cause", "at" = clock_timestamp()`);
    },

    async remove(ticketId) {
      await executor.delete(assignments).where(eq(assignments.ticketId, ticketId));
    },
  };
}
