import { asc, desc, eq, gt, sql } from 'drizzle-orm';
import { advisoryLocks } from './advisory-locks.ts';
import { type Executor, HISTORY_CHANNEL } from './database.ts';
import { history } from './schema.ts';
import { storableText } from './storable.ts';
import type { HistoryEntry, HistoryStore } from './store.ts';

const columns = {
  seq: history.seq,
  ticketId: history.ticketId,
  at: history.at,
  event: history.event,
  by: history.by,
  detail: history.detail,
} satisfies Record<keyof HistoryEntry, unknown>;

export function createHistoryStore(executor: Executor): HistoryStore {
  return {
    async append(entries) {
      if (entries.length === 0) return;
      // `seq` must rise in the order of commits: a reader that has seen 11 never asks for a 10 that commits later.
      // Writers take turns from here to their commit, so this is the last statement of a transaction. It is one
      // statement, so that the turn, the news and the rows go together outside a transaction as well.
      const rows = entries.map(({ ticketId, event, by, detail }) => ({
        ticket_id: ticketId,
        event,
        by: storableText(by),
        detail: storableText(detail),
      }));
      await executor.execute(sql`
        with turn as materialized (
          select pg_advisory_xact_lock(${advisoryLocks.history}), pg_notify(${HISTORY_CHANNEL}, '')
        )
        insert into ${history} ("ticket_id", "event", "by", "detail")
        select entry.ticket_id, entry.event, entry.by, entry.detail
        from turn, jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
          as entry (ticket_id text, event text, by text, detail text)
      `);
    },

    async ofTicket(ticketId) {
      return executor.select(columns).from(history).where(eq(history.ticketId, ticketId)).orderBy(asc(history.seq));
    },

    async after(seq, limit) {
      return executor.select(columns).from(history).where(gt(history.seq, seq)).orderBy(asc(history.seq)).limit(limit);
    },

    async lastSeq() {
      const [row] = await executor.select({ seq: history.seq }).from(history).orderBy(desc(history.seq)).limit(1);
      return row?.seq ?? 0;
    },
  };
}
