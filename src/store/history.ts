import { asc, desc, eq, gt, sql } from '../base/drizzle.ts';
import { advisoryLocks } from './advisory-locks.ts';
import { countHistory } from './counters.ts';
import { type Executor, HISTORY_CHANNEL } from './database.ts';
import { counters, history } from './schema.ts';
import { storable, storableText } from './storable.ts';
import type { HistoryEntry, HistoryStore } from './store.ts';

const columns = {
  seq: history.seq,
  ticketId: history.ticketId,
  at: history.at,
  event: history.event,
  by: history.by,
  actor: history.actor,
  detail: history.detail,
  facts: history.facts,
} satisfies Record<keyof HistoryEntry, unknown>;

export function createHistoryStore(executor: Executor): HistoryStore {
  return {
    async append(entries) {
      if (entries.length === 0) return;
      // `seq` must rise in the order of commits: a reader that has seen 11 never asks for a 10 that commits later.
      // Writers take turns from here to their commit, so call this last in a transaction. It is one statement, so that
      // lock, notification and rows stay together outside a transaction as well.
      const rows = entries.map(({ ticketId, event, by, actor, detail, facts }) => ({
        ticket_id: ticketId,
        event,
        by: storableText(by),
        actor,
        detail: storableText(detail),
        facts: storable(facts),
      }));
      await executor.execute(sql`
        with turn as materialized (
          select pg_advisory_xact_lock(${advisoryLocks.history}), pg_notify(${HISTORY_CHANNEL}, '')
        ), counted as (
          insert into ${counters} as counter ("name", "labels", "value")
          select added.name, added.labels, added.value
          from turn, jsonb_to_recordset(${JSON.stringify(countHistory(entries))}::text::jsonb)
            as added (name text, labels text, value float8)
          on conflict ("name", "labels") do update set "value" = counter.value + excluded.value
        )
        insert into ${history} ("ticket_id", "event", "by", "actor", "detail", "facts")
        select entry.ticket_id, entry.event, entry.by, entry.actor, entry.detail, entry.facts
        from turn, jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
          as entry (ticket_id text, event text, by text, actor jsonb, detail text, facts jsonb)
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
