// The tables, for drizzle-kit (npm run db:generate) and the entities. A change here needs a new migration.
import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  serial,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import type { Classification } from '../classifiers/classifier.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
import type { Decision, Delivery } from '../routing/decision.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { ExampleSource, Feedback, HistoryEvent, StoredTicket, TicketState } from './store.ts';

export const switchboardSchema = pgSchema('switchboard');

/** A moment, as ISO 8601 in UTC with milliseconds, the form of the contract. */
const moment = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
});

export const tickets = switchboardSchema.table(
  'tickets',
  {
    id: text('id').primaryKey(),
    /** Order of arrival: pages of the list hang on it, because two tickets may share a millisecond. */
    position: bigserial('position', { mode: 'number' }).notNull(),
    connector: text('connector').notNull(),
    externalId: text('external_id').notNull(),
    revision: integer('revision').notNull(),
    contentHash: text('content_hash').notNull(),
    state: text('state').$type<TicketState>().notNull(),
    receivedAt: moment('received_at').notNull().default(sql`clock_timestamp()`),
    ticket: jsonb('ticket').$type<Ticket>().notNull(),
  },
  (table) => [
    unique('tickets_connector_external_id').on(table.connector, table.externalId),
    index('tickets_position').on(table.position),
    index('tickets_received').on(table.position).where(sql`${table.state} = 'received'`),
  ],
);

/** A row of `tickets` as a StoredTicket. */
export const storedTicketColumns = {
  id: tickets.id,
  connector: tickets.connector,
  externalId: tickets.externalId,
  revision: tickets.revision,
  contentHash: tickets.contentHash,
  state: tickets.state,
  receivedAt: tickets.receivedAt,
  ticket: tickets.ticket,
} satisfies Record<keyof StoredTicket, unknown>;

export const classifications = switchboardSchema.table(
  'classifications',
  {
    ticketId: text('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    revision: integer('revision').notNull(),
    intent: text('intent'),
    abstained: boolean('abstained').notNull(),
    classification: jsonb('classification').$type<Classification>().notNull(),
    createdAt: moment('created_at').notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    primaryKey({ columns: [table.ticketId, table.revision] }),
    index('classifications_intent').on(table.intent),
  ],
);

export const decisions = switchboardSchema.table(
  'decisions',
  {
    id: text('id').primaryKey(),
    ticketId: text('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    revision: integer('revision').notNull(),
    team: text('team').notNull(),
    decision: jsonb('decision').$type<Decision>().notNull(),
    decidedAt: moment('decided_at').notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    // One decision a revision, however often the job runs.
    unique('decisions_ticket_revision').on(table.ticketId, table.revision),
    index('decisions_team').on(table.team),
  ],
);

export const deliveries = switchboardSchema.table('deliveries', {
  decisionId: text('decision_id')
    .primaryKey()
    .references(() => decisions.id, { onDelete: 'cascade' }),
  state: text('state').$type<Delivery['state']>().notNull(),
  at: moment('at'),
  reason: text('reason'),
});

export const history = switchboardSchema.table(
  'history',
  {
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    ticketId: text('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    at: moment('at').notNull().default(sql`clock_timestamp()`),
    event: text('event').$type<HistoryEvent>().notNull(),
    by: text('by').notNull(),
    detail: text('detail').notNull(),
  },
  (table) => [index('history_ticket').on(table.ticketId, table.seq)],
);

export const examples = switchboardSchema.table(
  'examples',
  {
    id: text('id').primaryKey(),
    intent: text('intent').notNull(),
    source: text('source').$type<ExampleSource>().notNull(),
    contentHash: text('content_hash').notNull(),
    example: jsonb('example').$type<Example>().notNull(),
    updatedAt: moment('updated_at').notNull().default(sql`clock_timestamp()`),
  },
  (table) => [index('examples_intent').on(table.intent)],
);

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** pgvector's type without a width: each embedder has its own. */
const vector = customType<{ data: Float32Array; driverData: string }>({
  dataType: () => 'vector',
  toDriver: (value) => `[${value.join(',')}]`,
  fromDriver: (value) => Float32Array.from(JSON.parse(value) as number[]),
});

/** The words of each example, for the full-text half of retrieval (example-index/). */
export const exampleTexts = switchboardSchema.table(
  'example_texts',
  {
    exampleId: text('example_id')
      .primaryKey()
      .references(() => examples.id, { onDelete: 'cascade' }),
    /** Of the example that the words are of: another one in `examples` means that they are out of date. */
    contentHash: text('content_hash').notNull(),
    /** Of the text alone: what the vectors hang on. */
    textHash: text('text_hash').notNull(),
    /** As in the example, so that a ranking needs no other table. */
    intent: text('intent').notNull(),
    /** Distinct words in the order of the text, cut and unified by our own tokeniser, which knows all scripts. */
    words: text('words').array().notNull(),
    wordCount: integer('word_count').notNull(),
    lexemes: tsvector('lexemes').notNull().generatedAlwaysAs(sql`array_to_tsvector(words)`),
  },
  // Without fastupdate: every search would read through the list of what was added since the last vacuum.
  (table) => [index('example_texts_lexemes').using('gin', table.lexemes).with({ fastupdate: false })],
);

export const embedders = switchboardSchema.table('embedders', {
  id: serial('id').primaryKey(),
  /** `Embedder.id`. */
  name: text('name').notNull().unique('embedders_name'),
  dimensions: integer('dimensions').notNull(),
});

/** One vector of each example for each embedder. On PostgreSQL every embedder gets an HNSW index over its own rows. */
export const exampleVectors = switchboardSchema.table(
  'example_vectors',
  {
    embedderId: integer('embedder_id')
      .notNull()
      .references(() => embedders.id, { onDelete: 'cascade' }),
    exampleId: text('example_id')
      .notNull()
      .references(() => examples.id, { onDelete: 'cascade' }),
    /** Of the text that was embedded. */
    textHash: text('text_hash').notNull(),
    /** Null for a text that the embedder cannot read, so that it is not asked again. */
    vector: vector('vector'),
  },
  (table) => [
    primaryKey({ columns: [table.embedderId, table.exampleId] }),
    index('example_vectors_example').on(table.exampleId),
  ],
);

export const feedback = switchboardSchema.table(
  'feedback',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    ticketId: text('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    revision: integer('revision').notNull(),
    at: moment('at').notNull().default(sql`clock_timestamp()`),
    feedback: jsonb('feedback').$type<Feedback>().notNull(),
  },
  (table) => [index('feedback_ticket').on(table.ticketId)],
);
