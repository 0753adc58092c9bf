// Fills a store with decided tickets and examples by SQL alone: a million tickets through the pipeline would take hours.
import { sql } from '../base/drizzle.ts';
import type { Store } from '../store/store.ts';

const teams = 12;
const intents = 60;
const ROWS_PER_STATEMENT = 20_000;

const teamOf = `'team-' || n % ${teams}`;
/** The oldest tickets have values that no other has: a list that walks from the newest would read the whole store. */
const RARE = 60;
const rare = (value: string, otherwise: string) => `case when n < ${RARE} then '${value}' else ${otherwise} end`;
const intentOf = rare('rare', `'intent-' || n % ${intents}`);
const connectorOf = rare('rare', `'api'`);

/** One insert for each table; `n` is the number of the ticket. Every fiftieth decision is abstained and in triage. */
const ticketStatements = (series: string, newest: number) => [
  `insert into switchboard.tickets (id, connector, external_id, revision, content_hash, state, received_at, ticket)
   select 't-' || n, ${connectorOf}, 't-' || n, 1, md5(n::text), 'decided', now() - (${newest} - n) * interval '1 minute',
     jsonb_build_object('id', 't-' || n, 'subject', 'Order ' || n, 'channel', 'email', 'language', 'en',
       'body', 'Where is my parcel number ' || n || '? ' || repeat('It was promised for last week and is late. ', 12),
       'requester', jsonb_build_object('email', 'customer-' || n % 40000 || '@mail.example.com', 'tier', 'pro'))
   from ${series}`,
  `insert into switchboard.classifications (ticket_id, revision, intent, abstained, classification)
   select 't-' || n, 1, ${intentOf}, n % 50 = 0,
     jsonb_build_object('intent', ${intentOf}, 'confidence', (n % 100) / 100.0, 'stage', ${rare('claude', `'local'`)}, 'abstained', n % 50 = 0,
       'reasoning', repeat('The words of the ticket speak for it. ', 5), 'costUsd', 0, 'latencyMs', 12)
   from ${series}`,
  `insert into switchboard.decisions (id, ticket_id, revision, team, decision)
   select 'd-' || n, 't-' || n, 1, ${teamOf},
     jsonb_build_object('id', 'd-' || n, 'team', ${teamOf}, 'priority', ${rare('low', `case when n % 20 = 0 then 'urgent' else 'normal' end`)},
       'urgency', ${rare('critical', `'normal'`)}, 'rule', ${rare('rare', `'rule-' || n % 30`)},
       'mode', ${rare('shadow', `'auto'`)}, 'release', 'r-1',
       'because', repeat('Rule matched: the intent is clear. ', 4))
   from ${series}`,
  `insert into switchboard.assignments (ticket_id, team, assignee, actor, cause)
   select 't-' || n, ${teamOf}, case when n % 97 = 0 then 'ann' end, '{"kind":"system","id":"benchmark"}', 'decision' from ${series}`,
  `insert into switchboard.feedback (ticket_id, revision, feedback, actor, at)
   select 't-' || n, 1, jsonb_build_object('intent', ${intentOf}), '{"kind":"user","id":"ann"}', now() - (${newest} - n) * interval '1 minute'
   from ${series} where n % 50 = 0`,
  `insert into switchboard.reviews (key, kind, ticket_id, revision, team, intent, language, rank, since, why, done_at, verdict, done_by)
   select 'decision:t-' || n || ':1', case when n % 3 = 0 then 'unsure' else 'abstained' end, 't-' || n, 1, ${teamOf}, ${intentOf},
     ${rare('rare', `'en'`)}, ${rare('0', '2')}, now() - (${newest} - n) * interval '1 minute', 'it waits',
     case when n % 2 = 0 then now() - interval '1 day' - n * interval '1 minute' end, case when n % 2 = 0 then 'right' end,
     case when n % 2 = 0 then '{"kind":"user","id":"ann"}'::jsonb end
   from ${series} where n % 10 < 4`,
  `insert into switchboard.deliveries (decision_id, state, at, reason) select 'd-' || n, 'delivered', now(), null from ${series}`,
  `insert into switchboard.history (ticket_id, event, "by", detail, facts)
   select 't-' || n, event, 'switchboard', 'benchmark', '{}' from ${series},
     (values ('accepted'), ('classified'), ('decided'), ('delivered')) as events (event)`,
  // Tickets are decided from the beginning here, and the triggers see no decision.
  `select switchboard.describe_tickets(array(
     select position from ${series} join switchboard.tickets t on t.id = 't-' || n))`,
  `update switchboard.ticket_words w
   set words = array_to_tsvector(array(select distinct unnest(regexp_split_to_array(lower(
     concat_ws(' ', ticket->>'subject', ticket->>'body', ticket->'requester'->>'email')), '[^a-z0-9]+')) except select ''))
   from ${series} join switchboard.tickets t on t.id = 't-' || n where w.position = t.position`,
];

/** Done jobs are kept for a day: those of every fifth ticket. Run after the queue has made its tables. */
const jobStatement = (series: string) =>
  `insert into pgboss.job (name, data, state, created_on, started_on, completed_on, keep_until, deletion_seconds)
   select name, jsonb_build_object('ticketId', 't-' || n, 'decisionId', 'd-' || n, 'revision', 1), 'completed',
     at, at, at, at + interval '10 years', 86400
   from (values ('decide'), ('deliver')) as names (name), ${series},
     lateral (select now() - n % 1000 * interval '1 minute' as at) as moments
   where n % 5 = 0`;

/** Words as they occur in texts: a few very often, most of 20,000 hardly ever. */
const words = (count: number) =>
  `(select string_agg('word' || floor(20000 ^ random())::int, ' ') from generate_series(1, ${count} + 0 * n))`;

const exampleStatement = (series: string) =>
  `insert into switchboard.examples (id, intent, source, content_hash, state, example, words_hash)
   select 'e-' || n, ${intentOf}, case when n % 10 = 0 then 'feedback' else 'import' end, md5(n::text), 'active',
     jsonb_build_object('id', 'e-' || n, 'intent', ${intentOf}, 'subject', 'Order ' || n, 'body', ${words(40)}),
     case when n % 10 = 0 then md5('words ' || n) end
   from ${series}`;

/** Adds tickets and examples with the numbers from 0 to these. The queue must have been opened on the store before. */
export async function fillStore(options: {
  store: Store;
  tickets: number;
  examples: number;
  onProgress?: (step: string) => void;
}): Promise<void> {
  const { store, tickets, examples, onProgress } = options;
  const run = async (name: string, count: number, statements: (series: string) => string[]) => {
    for (let from = 0; from < count; from += ROWS_PER_STATEMENT) {
      const last = Math.min(count, from + ROWS_PER_STATEMENT) - 1;
      onProgress?.(`${name}: ${from} of ${count}`);
      for (const statement of statements(`generate_series(${from}, ${last}) as n`)) {
        await store.transaction(({ executor }) => executor.execute(sql.raw(statement)));
      }
    }
  };
  await run('tickets', tickets, (series) => [...ticketStatements(series, tickets), jobStatement(series)]);
  await run('examples', examples, (series) => [exampleStatement(series)]);
  await store.transaction(({ executor }) => executor.execute(sql.raw('analyze')));
}
