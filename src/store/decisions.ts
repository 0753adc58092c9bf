import { and, eq, sql } from '../base/drizzle.ts';
import type { Decision } from '../routing/decision.ts';
import { anyOf } from './any-of.ts';
import type { Executor } from './database.ts';
import { insertRows } from './insert-rows.ts';
import { decisions } from './schema.ts';
import type { DecisionStore } from './store.ts';

export function createDecisionStore(executor: Executor): DecisionStore {
  return {
    async get({ ticketId, revision }) {
      const [row] = await executor
        .select({ decision: decisions.decision })
        .from(decisions)
        .where(and(eq(decisions.ticketId, ticketId), eq(decisions.revision, revision)));
      return row === undefined ? null : readDecision(row.decision);
    },

    async getById(decisionId) {
      const [row] = await executor
        .select({
          ticketId: decisions.ticketId,
          revision: decisions.revision,
          decision: decisions.decision,
          decidedAt: decisions.decidedAt,
        })
        .from(decisions)
        .where(eq(decisions.id, decisionId));
      return row === undefined ? null : { ...row, decision: readDecision(row.decision) };
    },

    async decidedRevisions(ticketIds) {
      return executor
        .select({ ticketId: decisions.ticketId, revision: decisions.revision })
        .from(decisions)
        .where(anyOf(decisions.ticketId, ticketIds));
    },

    async saveMany(items) {
      if (items.length === 0) return new Set();
      const insert = insertRows(
        decisions,
        items.map(({ ticketId, revision, decision }) => ({
          ...{ id: decision.id, ticketId, revision },
          ...{ team: decision.team, decision },
        })),
      );
      const { rows } = await executor.execute(sql`${insert} on conflict do nothing returning "id"`);
      return new Set(rows.map(({ id }) => String(id)));
    },
  };
}

/** Decisions that were made before releases existed have no release. */
export function readDecision(stored: Decision): Decision {
  return { ...stored, release: stored.release ?? null };
}
