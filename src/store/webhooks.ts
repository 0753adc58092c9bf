import { and, eq, lt, ne, or, sql } from '../base/drizzle.ts';
import { anyOf } from './any-of.ts';
import type { Executor } from './database.ts';
import { rowsOf } from './insert-rows.ts';
import { webhooks } from './schema.ts';
import type { StoredWebhook, WebhookStore } from './store.ts';

const columns = {
  id: webhooks.id,
  connector: webhooks.connector,
  deduplicationKey: webhooks.deduplicationKey,
  receivedAt: webhooks.receivedAt,
  headers: webhooks.headers,
  body: webhooks.body,
  state: webhooks.state,
  reason: webhooks.reason,
} satisfies Record<keyof StoredWebhook, unknown>;

const keyOf = ({ connector, deduplicationKey }: { connector: string; deduplicationKey: string }) =>
  JSON.stringify([connector, deduplicationKey]);

export function createWebhookStore(executor: Executor): WebhookStore {
  return {
    async insertMany(added) {
      if (added.length === 0) return [];
      const rows = await executor
        .insert(webhooks)
        .values([...new Map(added.map((webhook) => [keyOf(webhook), webhook])).values()])
        .onConflictDoNothing()
        .returning({ id: webhooks.id, connector: webhooks.connector, deduplicationKey: webhooks.deduplicationKey });
      const ids = new Map(rows.map((row) => [keyOf(row), row.id]));
      return added.map((webhook) => {
        const id = ids.get(keyOf(webhook)) ?? null;
        ids.delete(keyOf(webhook)); // a second one with the same key is a repetition
        return id;
      });
    },

    async getMany(ids) {
      if (ids.length === 0) return [];
      return executor.select(columns).from(webhooks).where(anyOf(webhooks.id, ids));
    },

    async finishMany(finished) {
      if (finished.length === 0) return;
      await executor.execute(sql`
        update ${webhooks} as webhook set "state" = entry."state", "reason" = entry."reason",
          "external_ids" = entry."externalIds"
        from ${rowsOf(webhooks, finished)}
        where webhook."id" = entry."id"`);
    },

    async deleteBefore(moment) {
      const rows = await executor
        .delete(webhooks)
        .where(and(lt(webhooks.receivedAt, moment.toISOString()), ne(webhooks.state, 'waiting')))
        .returning({ id: webhooks.id });
      return rows.length;
    },

    async deleteOfTickets(keys) {
      if (keys.length === 0) return;
      const byConnector = Map.groupBy(keys, ({ connector }) => connector);
      const conditions = [...byConnector].map(([connector, group]) => {
        const ids = group.map(({ externalId }) => sql`${JSON.stringify([externalId])}::jsonb`);
        return and(eq(webhooks.connector, connector), or(...ids.map((id) => sql`${webhooks.externalIds} @> ${id}`)));
      });
      await executor.delete(webhooks).where(or(...conditions));
    },

    async deleteContaining(text) {
      const rows = await executor
        .delete(webhooks)
        // As text of ASCII alone, because a body may not be UTF-8, and addresses are written in capitals, too.
        .where(
          sql`position(lower(encode(convert_to(${text}, 'UTF8'), 'escape')) in lower(encode(${webhooks.body}, 'escape'))) > 0`,
        )
        .returning({ id: webhooks.id });
      return rows.length;
    },
  };
}
