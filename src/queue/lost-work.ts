import { z } from 'zod';
import {
  type DecideJob,
  type DeliverJob,
  decideJobSchema,
  deliverJobSchema,
  queueOfConnector,
  type ReceiveJob,
  receiveJobSchema,
} from './jobs.ts';

/** New jobs for undecided tickets, pending deliveries and waiting webhooks that have no job. */
export type LostWork = {
  readonly decide: readonly DecideJob[];
  readonly deliver: readonly DeliverJob[];
  readonly receive: readonly ReceiveJob[];
};

type Database = { executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> };

/** The most jobs of each kind that one call returns; the next sweep finds the rest. */
const MAX_FOUND = 500;

/**
 * SQL that is true when a matching job waits or is in progress. The states are listed as pg-boss's index of live jobs lists
 * them, because the jobs that were done within a day are many.
 */
const hasJob = (kind: string, matches: string) => `exists (
  select 1 from pgboss.job j where ${kind} and j.state in ('created', 'retry', 'active') and ${matches})`;

const lostTickets = `switchboard.tickets t where t.state = 'received' and not ${hasJob(
  `j.name in ('decide', 'decide-dead')`,
  `j.data->>'ticketId' = t.id and j.data->>'revision' = t.revision::text`,
)}`;

const lostDeliveries = `switchboard.deliveries d where d.state = 'pending' and not ${hasJob(
  `(j.name in ('deliver', 'deliver-dead') or j.name like '${queueOfConnector('deliver', '%')}')`,
  `j.data->>'decisionId' = d.decision_id`,
)}`;

const lostWebhooks = `switchboard.webhooks w where w.state = 'waiting' and not ${hasJob(
  `j.name = 'receive'`,
  `j.data->>'webhookId' = w.id::text`,
)}`;

/**
 * Finds lost work. A ticket is committed together with its job, so normally there is none; but jobs can be deleted by
 * hand, or be missing after only a part of a backup was restored.
 */
export async function findLostWork(database: Database): Promise<LostWork> {
  // Waiting tickets and their jobs come and go faster than statistics: the planner would compare each with each.
  await database.executeSql(`select set_config('enable_nestloop', 'off', true)`);
  const decide = await database.executeSql(
    `select t.id as "ticketId", t.revision, 'background' as lane from ${lostTickets} order by t.position limit ${MAX_FOUND}`,
  );
  const deliver = await database.executeSql(
    `select d.decision_id as "decisionId", 'background' as lane,
      (select t.connector from switchboard.decisions c join switchboard.tickets t on t.id = c.ticket_id where c.id = d.decision_id) as connector
     from ${lostDeliveries} order by d.decision_id limit ${MAX_FOUND}`,
  );
  const receive = await database.executeSql(
    `select w.id::float8 as "webhookId" from ${lostWebhooks} order by w.id limit ${MAX_FOUND}`,
  );
  await database.executeSql(`select set_config('enable_nestloop', 'on', true)`);
  return {
    decide: z.array(decideJobSchema).parse(decide.rows),
    deliver: z.array(deliverJobSchema).parse(deliver.rows),
    receive: z.array(receiveJobSchema).parse(receive.rows),
  };
}

/** Counts lost work; needs only the right to read. A database of an earlier version may have no webhooks yet. */
export async function countLostWork(
  database: Database,
): Promise<{ tickets: number; deliveries: number; webhooks: number }> {
  const [found] = (await database.executeSql(`select to_regclass('switchboard.webhooks') is not null as "hasWebhooks"`))
    .rows;
  const { hasWebhooks } = z.object({ hasWebhooks: z.boolean() }).parse(found);
  const webhooks = hasWebhooks ? `(select count(*)::int from ${lostWebhooks})` : '0';
  const { rows } = await database.executeSql(
    `select (select count(*)::int from ${lostTickets}) as tickets, (select count(*)::int from ${lostDeliveries}) as deliveries,
      ${webhooks} as webhooks`,
  );
  return z.object({ tickets: z.number(), deliveries: z.number(), webhooks: z.number() }).parse(rows[0]);
}
