// Queries that run for every ticket, or whenever somebody looks, must find their rows by an index: on a small store a
// missing one is not noticed.
import type { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzleNodePostgres } from 'drizzle-orm/node-postgres';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillStore } from '../testing/fill-store.ts';
import { storeKinds, type TestStore } from '../testing/test-stores.ts';
import { createEntities } from './entities.ts';
import type { StoreEntities } from './store.ts';

type Hot = {
  readonly name: string;
  readonly run: (entities: StoreEntities) => Promise<unknown>;
  readonly uses: string[];
};

const hot: readonly Hot[] = [
  {
    name: 'the tickets of keys',
    run: ({ tickets }) => tickets.findByKeys([{ connector: 'api', externalId: 't-7' }]),
    uses: ['tickets_connector_external_id'],
  },
  { name: 'one ticket', run: ({ tickets }) => tickets.get('t-7'), uses: ['tickets_pkey'] },
  {
    name: 'one ticket with its history',
    run: ({ tickets }) => tickets.getRecord('t-7'),
    uses: ['tickets_pkey', 'history_ticket', 'assignments_pkey'],
  },
  { name: 'the newest tickets', run: ({ tickets }) => tickets.list({ limit: 50 }), uses: ['tickets_position'] },
  {
    name: 'the newest tickets of a team',
    run: ({ tickets }) => tickets.list({ limit: 50, filter: { team: 'team-7' } }),
    uses: ['assignments_team_position', 'tickets_pkey'],
  },
  { name: 'the number of waiting tickets', run: ({ tickets }) => tickets.countWaiting(), uses: ['tickets_received'] },
  {
    name: 'the contents of tickets, with a lock',
    run: ({ tickets }) => tickets.lock(['t-7', 't-8']),
    uses: ['tickets_pkey'],
  },
  {
    name: 'the assignments of tickets',
    run: ({ assignments }) => assignments.getMany(['t-7', 't-8']),
    uses: ['assignments_pkey'],
  },
  {
    name: 'the decision of a revision',
    run: ({ decisions }) => decisions.get({ ticketId: 't-7', revision: 1 }),
    uses: ['decisions_ticket_revision'],
  },
  {
    name: 'what is to be delivered',
    run: ({ deliveries }) => deliveries.getOrders(['d-7', 'd-8']),
    uses: ['deliveries_pkey', 'decisions_pkey', 'tickets_pkey', 'classifications_ticket_id_revision_pk'],
  },
  { name: 'what is new in the history', run: ({ history }) => history.after(19_900, 100), uses: ['history_pkey'] },
  {
    name: 'the corrections of words',
    run: ({ corrections }) => corrections.ofWords(['x']),
    uses: ['examples_words_hash'],
  },
  { name: 'examples by id', run: ({ examples }) => examples.find(['e-7', 'e-8']), uses: ['examples_pkey'] },
  { name: 'the examples of a ticket', run: ({ examples }) => examples.ofTicket('t-7'), uses: ['examples_ticket'] },
  {
    name: 'examples that have changed',
    run: ({ examples }) => examples.changedSince(new Date(Date.now() + 60_000)),
    uses: ['examples_updated_at'],
  },
  {
    name: 'numbers of examples',
    run: ({ examples }) => Promise.all([examples.countBySource(), examples.countByIntent()]),
    uses: [],
  },
];

describe.each(storeKinds)('on $kind', ({ skip, open }) => {
  let opened: TestStore;
  beforeAll(async () => {
    if (skip) return;
    opened = await open();
    const range = { from: 0, to: 5_000 };
    await fillStore({ store: opened.store, tickets: range, examples: range, onProgress: () => {} });
  }, 120_000);
  afterAll(() => opened?.[Symbol.asyncDispose]());

  /** The entities, with each statement that they send. */
  function watch() {
    const { connection } = opened.store;
    const sent: { text: string; values: unknown[] }[] = [];
    const logger = { logQuery: (text: string, values: unknown[]) => void sent.push({ text, values }) };
    // The cast: drizzle's driver calls `query` and `transaction` alone.
    const executor =
      connection.kind === 'embedded'
        ? drizzlePglite({ client: connection.pglite as PGlite, logger })
        : drizzleNodePostgres({ client: connection.pool, logger });
    const explain = async ({ text, values }: (typeof sent)[number]) => {
      const plan =
        connection.kind === 'embedded'
          ? await connection.pglite.query(`explain ${text}`, values)
          : await connection.pool.query(`explain ${text}`, values);
      return plan.rows.map((row) => Object.values(row)[0]).join('\n');
    };
    return { entities: createEntities(executor, (run) => run()), sent, explain };
  }

  test.skipIf(skip).for(hot)('$name: by index', async ({ run, uses }) => {
    const { entities, sent, explain } = watch();
    await run(entities);
    const plans = (await Promise.all(sent.map(explain))).join('\n');
    for (const index of uses) expect(plans).toContain(index);
    expect(plans).not.toMatch(/Seq Scan on (tickets|classifications|decisions|deliveries|history|examples)\b/);
  });
});
