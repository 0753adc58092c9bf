// The tables, for drizzle-kit and the entities. A change here needs a new migration (docs/decisions/store.md).

import { type Actor, systemActor } from '../base/actor.ts';
import {
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  date,
  doublePrecision,
  type ExtraConfigColumn,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  serial,
  sql,
  text,
  unique,
} from '../base/drizzle.ts';
import type { Role } from '../base/role.ts';
import type { EngineCalibration } from '../classifiers/calibration/engine-calibration.ts';
import type { Classification } from '../classifiers/classifier.ts';
import type { Decision, Delivery } from '../routing/decision.ts';
import type { ReleaseContent } from '../routing/release.ts';
import type { HelpdeskState, OutsideActor, Place, PlaceField, Written } from '../ticket/helpdesk-ticket.ts';
import type { LabelledTicket, Ticket } from '../ticket/ticket.ts';
import type { HistoryEvent, HistoryFacts } from './history-facts.ts';
import type { ReviewKind, ReviewVerdict } from './review-kinds.ts';
import type {
  AssignmentCause,
  ExampleSource,
  ExampleState,
  Feedback,
  FeedbackState,
  Handling,
  StoredTicket,
  TicketState,
  WebhookState,
} from './store.ts';

export const switchboardSchema = pgSchema('switchboard');

/** A moment as ISO 8601 in UTC with milliseconds, as in the contract of the API. */
const moment = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
});

/** PGlite returns a Uint8Array, PostgreSQL a Buffer. */
const bytea = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => Buffer.from(value),
});

/** A text from a jsonb column, stored in a column of its own so that lists and filters need not read ticket bodies. */
const textOf = (name: string, expression: string) => text(name).generatedAlwaysAs(sql.raw(expression));

/** Copied from the ticket by a trigger, so that a list with a filter is read in its order from one index. */
const ticketPosition = () => bigint('position', { mode: 'number' });

/** As `order by position desc` sorts. */
const newestFirst = (position: ExtraConfigColumn) => position.desc().nullsFirst();

export const tickets = switchboardSchema.table(
  'tickets',
  {
    id: text('id').primaryKey(),
    /** Order of arrival. Pages of the list go by it, because two tickets may arrive in the same millisecond. */
    position: bigserial('position', { mode: 'number' }).notNull(),
    connector: text('connector').notNull(),
    externalId: text('external_id').notNull(),
    revision: integer('revision').notNull(),
    contentHash: text('content_hash').notNull(),
    state: text('state').$type<TicketState>().notNull(),
    receivedAt: moment('received_at').notNull().default(sql`clock_timestamp()`),
    ticket: jsonb('ticket').$type<Ticket>().notNull(),
    subject: textOf('subject', `left(ticket->>'subject', 200)`),
    /** How the customer's own words begin, where there is no subject; null for what an earlier version has stored. */
    opening: text('opening'),
    channel: textOf('channel', `ticket->>'channel'`),
    language: textOf('language', `ticket->>'language'`),
    url: textOf('url', `ticket->'source'->>'url'`),
    requesterName: textOf('requester_name', `ticket->'requester'->>'name'`),
    /** In lower case, because addresses are compared regardless of case. */
    requesterEmail: textOf('requester_email', `lower(ticket->'requester'->>'email')`),
    requesterTier: textOf('requester_tier', `ticket->'requester'->>'tier'`),
    tags: jsonb('tags').$type<readonly string[]>().generatedAlwaysAs(sql`ticket->'tags'`),
  },
  (table) => [
    unique('tickets_connector_external_id').on(table.connector, table.externalId),
    index('tickets_requester_email').on(table.requesterEmail),
    index('tickets_received_at').on(table.receivedAt),
    index('tickets_position').on(table.position),
    index('tickets_received').on(table.position).where(sql`${table.state} = 'received'`),
  ],
);

/** A row of `tickets` as a StoredTicket. */
export const storedTicketColumns = {
  id: tickets.id,
  position: tickets.position,
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
    /** What people said last; `OUT_OF_SCOPE` where they said that no intent fits, null where nobody said anything. A trigger keeps it. */
    saidIntent: text('said_intent'),
    abstained: boolean('abstained').notNull(),
    classification: jsonb('classification').$type<Classification>().notNull(),
    createdAt: moment('created_at').notNull().default(sql`clock_timestamp()`),
    confidence: doublePrecision('confidence').generatedAlwaysAs(sql`(classification->>'confidence')::float8`),
    stage: textOf('stage', `classification->>'stage'`),
    position: ticketPosition(),
  },
  (table) => [
    primaryKey({ columns: [table.ticketId, table.revision] }),
    index('classifications_present_intent_position').on(
      sql`coalesce(${table.saidIntent}, ${table.intent})`,
      newestFirst(table.position),
    ),
    index('classifications_said_intent')
      .on(table.intent, newestFirst(table.position))
      .where(sql`${table.saidIntent} is not null`),
    index('classifications_stage_position').on(table.stage, newestFirst(table.position)),
    index('classifications_abstained').on(newestFirst(table.position)).where(sql`${table.abstained}`),
    index('classifications_confidence').on(table.confidence),
    index('classifications_language_position').on(
      sql`(${table.classification}->>'language')`,
      newestFirst(table.position),
    ),
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
    priority: textOf('priority', `decision->>'priority'`),
    urgency: textOf('urgency', `decision->>'urgency'`),
    rule: textOf('rule', `decision->>'rule'`),
    mode: textOf('mode', `decision->>'mode'`),
    /** Null for decisions that were made before releases existed. */
    release: textOf('release', `decision->>'release'`),
    position: ticketPosition(),
  },
  (table) => [
    // One decision per revision, however often the job runs.
    unique('decisions_ticket_revision').on(table.ticketId, table.revision),
    index('decisions_priority_position').on(table.priority, newestFirst(table.position)),
    index('decisions_urgency_position').on(table.urgency, newestFirst(table.position)),
    index('decisions_rule_position').on(table.rule, newestFirst(table.position)),
    index('decisions_mode_position').on(table.mode, newestFirst(table.position)),
  ],
);

/**
 * One narrow row a ticket with what tickets are counted by, so that a month is counted without reading tickets,
 * classifications and decisions (docs/decisions/store.md). Written by triggers on those tables.
 */
export const ticketFacts = switchboardSchema.table(
  'ticket_facts',
  {
    position: bigint('position', { mode: 'number' }).primaryKey(),
    receivedAt: moment('received_at').notNull(),
    /** Hours between 1970 and `received_at`. */
    hour: integer('hour').notNull(),
    /** From receiving to the decision; null where there is none, for later revisions and for imported tickets. */
    decisionMs: integer('decision_ms'),
    /** Null before the decision, as all that follows from it. */
    confidence: doublePrecision('confidence'),
    /** Of all revisions together. */
    costUsd: doublePrecision('cost_usd'),
    abstained: boolean('abstained'),
    /** People have given it another intent than the classification. */
    corrected: boolean('corrected').notNull().default(false),
    state: text('state').$type<TicketState>().notNull(),
    connector: text('connector').notNull(),
    stage: text('stage'),
    language: text('language'),
    mode: text('mode'),
    priority: text('priority'),
    urgency: text('urgency'),
    team: text('team'),
    assignee: text('assignee'),
    rule: text('rule'),
    /** What people said, or else the classification. */
    intent: text('intent'),
    /** The intent of the classification, where people said another. */
    correctedFrom: text('corrected_from'),
  },
  (table) => [index('ticket_facts_received_at').on(table.receivedAt)],
);

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** The words of each ticket, for searches. Rows are added and deleted by triggers on `tickets`. */
export const ticketWords = switchboardSchema.table(
  'ticket_words',
  {
    position: bigint('position', { mode: 'number' }).primaryKey(),
    revision: integer('revision').notNull(),
    /** Split and normalised by our tokeniser, which knows all scripts; null until the words of this revision are stored. */
    words: tsvector('words'),
  },
  (table) => [
    index('ticket_words_due').on(newestFirst(table.position)).where(sql`${table.words} is null`),
    // With a list of what was added last, which whoever stores words empties: words then cost a quarter of the time.
    index('ticket_words_words')
      .using('gin', table.words)
      .where(sql`${table.words} is not null`)
      .with({ fastupdate: true, gin_pending_list_limit: 4096 }),
  ],
);

/** Where each decided ticket is now. A person's assignment takes precedence over any decision. */
export const assignments = switchboardSchema.table(
  'assignments',
  {
    ticketId: text('ticket_id')
      .primaryKey()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    team: text('team').notNull(),
    assignee: text('assignee'),
    actor: jsonb('actor').$type<Actor>().notNull(),
    at: moment('at').notNull().default(sql`clock_timestamp()`),
    cause: text('cause').$type<AssignmentCause>().notNull(),
    position: ticketPosition(),
  },
  (table) => [
    index('assignments_team_position').on(table.team, newestFirst(table.position)),
    index('assignments_assignee_position')
      .on(table.assignee, newestFirst(table.position))
      .where(sql`${table.assignee} is not null`),
  ],
);

export const deliveries = switchboardSchema.table(
  'deliveries',
  {
    decisionId: text('decision_id')
      .primaryKey()
      .references(() => decisions.id, { onDelete: 'cascade' }),
    state: text('state').$type<Delivery['state']>().notNull(),
    at: moment('at'),
    reason: text('reason'),
    /** What the helpdesk had before and after, to take it back; null where nothing is known of it. */
    written: jsonb('written').$type<Written>(),
  },
  (table) => [index('deliveries_pending').on(table.decisionId).where(sql`${table.state} = 'pending'`)],
);

export const history = switchboardSchema.table(
  'history',
  {
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    /** Null when the entry is not about a single ticket, for example an import of examples. */
    ticketId: text('ticket_id').references(() => tickets.id, { onDelete: 'cascade' }),
    at: moment('at').notNull().default(sql`clock_timestamp()`),
    event: text('event').$type<HistoryEvent>().notNull(),
    /** A name for people; `actor` says who it was. */
    by: text('by').notNull(),
    detail: text('detail').notNull(),
    actor: jsonb('actor').$type<Actor>().notNull().default(systemActor),
    /** The content of `detail`, for programs. */
    facts: jsonb('facts').$type<HistoryFacts>().notNull().default(sql`'{}'::jsonb`),
  },
  (table) => [index('history_ticket').on(table.ticketId, table.seq)],
);

/** The column `intent` of an example that belongs to nobody. */
export const OUT_OF_SCOPE = '';

export const examples = switchboardSchema.table(
  'examples',
  {
    id: text('id').primaryKey(),
    /** `OUT_OF_SCOPE` where `example` has no intent. */
    intent: text('intent').notNull(),
    source: text('source').$type<ExampleSource>().notNull(),
    contentHash: text('content_hash').notNull(),
    example: jsonb('example').$type<LabelledTicket>().notNull(),
    updatedAt: moment('updated_at').notNull().default(sql`clock_timestamp()`),
    state: text('state').$type<ExampleState>().notNull().default('active'),
    /** Why it waits for a review; null when it does not. */
    why: text('why'),
    /** Who added it; null for the company's own files. */
    actor: jsonb('actor').$type<Actor>(),
    /** The ticket that it was made from. No foreign key: a removed one stays as a mark for engines that learned it. */
    ticketId: text('ticket_id'),
    /** The feedback that it came from. */
    feedbackId: bigint('feedback_id', { mode: 'number' }),
    /**
     * Of a correction: hash of the ticket's own words (src/ticket/words-hash.ts), by which tickets with the same words are
     * found. Empty where there is none, null where it is not known yet.
     */
    wordsHash: text('words_hash'),
  },
  (table) => [
    index('examples_words_hash').on(table.wordsHash).where(sql`${table.wordsHash} is not null`),
    index('examples_intent').on(table.intent),
    index('examples_ticket').on(table.ticketId),
    index('examples_updated_at').on(table.updatedAt),
    index('examples_source').on(table.source, table.id),
    index('examples_waiting').on(table.id).where(sql`${table.state} = 'waiting'`),
    index('examples_removed').on(table.updatedAt).where(sql`${table.state} = 'removed'`),
    index('examples_requester')
      .on(sql`lower(${table.example}->'requester'->>'email')`)
      .where(sql`${table.example}->'requester'->>'email' is not null`),
  ],
);

/** Numbers of active examples, kept up to date by triggers on `examples`, so that no query has to count rows. */
export const exampleCounts = switchboardSchema.table(
  'example_counts',
  {
    source: text('source').$type<ExampleSource>().notNull(),
    intent: text('intent').notNull(),
    examples: bigint('examples', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.intent] })],
);

/** Tickets that were erased, so that processes remove them from their own files. Does not say whose they were. */
export const erasures = switchboardSchema.table('erasures', {
  /** Rises in the order of commits, because it is written while the lock of the history is held. */
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  at: moment('at').notNull().default(sql`clock_timestamp()`),
  actor: jsonb('actor').$type<Actor>().notNull(),
  tickets: integer('tickets').notNull(),
  examples: integer('examples').notNull(),
  /** Emptied once every process has had time to read them. */
  ticketIds: jsonb('ticket_ids').$type<readonly string[]>().notNull(),
});

/** pgvector's type without a width, because each embedder has its own. */
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
    /** Hash of the example that the words come from; a different hash in `examples` means that they are out of date. */
    contentHash: text('content_hash').notNull(),
    /** Hash of the text alone, by which vectors are kept. */
    textHash: text('text_hash').notNull(),
    /** Copied from the example, so that a ranking needs no other table. */
    intent: text('intent').notNull(),
    /** Distinct words in the order of the text, split and normalised by our tokeniser, which knows all scripts. */
    words: text('words').array().notNull(),
    wordCount: integer('word_count').notNull(),
    lexemes: tsvector('lexemes').notNull().generatedAlwaysAs(sql`array_to_tsvector(words)`),
  },
  // Without fastupdate, because with it every search reads the list of what was added since the last vacuum.
  (table) => [index('example_texts_lexemes').using('gin', table.lexemes).with({ fastupdate: false })],
);

/**
 * What each statement on `example_texts` changed in their totals, written by triggers, so that no query has to read every
 * text. Rows are only added, so that transactions do not wait for each other; upkeep adds them up to one.
 */
export const exampleTextChanges = switchboardSchema.table('example_text_changes', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  texts: integer('texts').notNull(),
  /** `word_count` of the texts. */
  words: bigint('words', { mode: 'number' }).notNull(),
  /** The first 64 bits of their content hashes, joined by exclusive or: the order of changes does not matter. */
  hash: bigint('hash', { mode: 'bigint' }).notNull(),
});

export const embedders = switchboardSchema.table('embedders', {
  id: serial('id').primaryKey(),
  /** `Embedder.id`. */
  name: text('name').notNull().unique('embedders_name'),
  dimensions: integer('dimensions').notNull(),
});

/** One vector per example and embedder. On PostgreSQL every embedder has an HNSW index on its own rows. */
export const exampleVectors = switchboardSchema.table(
  'example_vectors',
  {
    embedderId: integer('embedder_id')
      .notNull()
      .references(() => embedders.id, { onDelete: 'cascade' }),
    exampleId: text('example_id')
      .notNull()
      .references(() => examples.id, { onDelete: 'cascade' }),
    /** Hash of the text that was embedded. */
    textHash: text('text_hash').notNull(),
    /** Null for a text that the embedder cannot read, so that it is not embedded again. */
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
    actor: jsonb('actor').$type<Actor>().notNull().default(systemActor),
    state: text('state').$type<FeedbackState>().notNull().default('applied'),
    /** Why it waits for a review; null when it does not. */
    why: text('why'),
    undoneAt: moment('undone_at'),
    undoneBy: jsonb('undone_by').$type<Actor>(),
  },
  (table) => [index('feedback_ticket').on(table.ticketId), index('feedback_at').on(table.at)],
);

/** What waits for a person to look at it, and what people have said. Triggers open and close items as tickets, feedback and examples change. */
export const reviews = switchboardSchema.table(
  'reviews',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** What it is about: `decision:TICKET:REVISION`, `feedback:ID` or `example:ID`. */
    key: text('key').notNull().unique('reviews_key'),
    kind: text('kind').$type<ReviewKind>().notNull(),
    ticketId: text('ticket_id').references(() => tickets.id, { onDelete: 'cascade' }),
    /** The revision that was decided; null for feedback and examples. */
    revision: integer('revision'),
    feedbackId: bigint('feedback_id', { mode: 'number' }),
    /** No foreign key: an example that is removed stays as a mark. */
    exampleId: text('example_id'),
    /** The team that has the ticket. */
    team: text('team'),
    /** What it is about: the engine's intent, or what a person said. */
    intent: text('intent'),
    language: text('language'),
    /** By the urgency of the ticket: 0 for critical, 3 for low. */
    rank: integer('rank').notNull(),
    /** When the ticket, or else the example, came. */
    since: moment('since').notNull().default(sql`clock_timestamp()`),
    why: text('why').notNull(),
    /** Actors who have skipped it (`nameHolder`). */
    skippedBy: text('skipped_by').array().notNull().default(sql`'{}'`),
    /** Who looks at it now, or did last: an actor in one browser tab. */
    holder: text('holder'),
    heldUntil: moment('held_until'),
    /** Null while it waits. */
    doneAt: moment('done_at'),
    /** Null while it waits, and where it was settled elsewhere. */
    verdict: text('verdict').$type<ReviewVerdict>(),
    doneBy: jsonb('done_by').$type<Actor>(),
    /** The feedback that settled it. */
    answerId: bigint('answer_id', { mode: 'number' }),
  },
  (table) => {
    const waits = sql`${table.doneAt} is null`;
    const order = [table.rank, table.since, table.id] as const;
    return [
      index('reviews_ticket').on(table.ticketId),
      index('reviews_waiting')
        .on(table.kind, ...order)
        .where(waits),
      index('reviews_waiting_team')
        .on(table.kind, table.team, ...order)
        .where(waits),
      index('reviews_waiting_intent')
        .on(table.kind, table.intent, ...order)
        .where(waits),
      index('reviews_waiting_language')
        .on(table.kind, table.language, ...order)
        .where(waits),
      index('reviews_held').on(table.holder).where(waits),
      index('reviews_done').on(table.doneAt).where(sql`${table.verdict} is not null`),
    ];
  },
);

/**
 * What each statement on `reviews` changed in the number of those that wait, written by triggers, so that no query has to
 * count them. Rows are only added, so that transactions do not wait for each other; upkeep adds them up.
 */
export const reviewChanges = switchboardSchema.table('review_changes', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  kind: text('kind').$type<ReviewKind>().notNull(),
  waiting: bigint('waiting', { mode: 'number' }).notNull(),
});

/** Totals that are kept up to date, so that no query has to count rows. `labels` is JSON with sorted keys. */
export const counters = switchboardSchema.table(
  'counters',
  {
    name: text('name').notNull(),
    labels: text('labels').notNull(),
    value: doublePrecision('value').notNull(),
  },
  (table) => [primaryKey({ columns: [table.name, table.labels] })],
);

/** What was spent on model APIs, in USD, by UTC day; includes the reservations of calls in progress. */
export const spend = switchboardSchema.table(
  'spend',
  {
    day: date('day').notNull(),
    purpose: text('purpose').notNull(),
    model: text('model').notNull(),
    calls: integer('calls').notNull(),
    usd: doublePrecision('usd').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.purpose, table.model] })],
);

/** Circuit breakers that all processes share. `open_until` is null while calls are let through. */
export const breakers = switchboardSchema.table('breakers', {
  name: text('name').primaryKey(),
  openUntil: moment('open_until'),
  why: text('why').notNull(),
  updatedAt: moment('updated_at').notNull().default(sql`clock_timestamp()`),
});

/** The processes that share the database; one without a beat for a while has died. */
export const processes = switchboardSchema.table('processes', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  startedAt: moment('started_at').notNull().default(sql`clock_timestamp()`),
  seenAt: moment('seen_at').notNull().default(sql`clock_timestamp()`),
});

/**
 * What helpdesks have sent, as it arrived: stored before anything reads it, so that nothing accepted is lost, and kept for
 * some days, so that it can be replayed.
 */
export const webhooks = switchboardSchema.table(
  'webhooks',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    connector: text('connector').notNull(),
    /** The same for each delivery of the same webhook. */
    deduplicationKey: text('deduplication_key').notNull(),
    receivedAt: moment('received_at').notNull().default(sql`clock_timestamp()`),
    /** Those that the connector reads. */
    headers: jsonb('headers').$type<Readonly<Record<string, string>>>().notNull(),
    body: bytea('body').notNull(),
    state: text('state').$type<WebhookState>().notNull().default('waiting'),
    /** Why it was ignored; null when it was not. */
    reason: text('reason'),
    /** The helpdesk's ids of the tickets that it was about. */
    externalIds: jsonb('external_ids').$type<readonly string[]>().notNull().default([]),
  },
  (table) => [
    unique('webhooks_connector_key').on(table.connector, table.deduplicationKey),
    index('webhooks_received_at').on(table.receivedAt),
    index('webhooks_waiting').on(table.id).where(sql`${table.state} = 'waiting'`),
    index('webhooks_external_ids').using('gin', table.externalIds),
  ],
);

/** How far the changes of each helpdesk have been read. */
export const cursors = switchboardSchema.table('cursors', {
  connector: text('connector').primaryKey(),
  /** Tickets that were created before are not taken in. */
  connectedAt: moment('connected_at').notNull().default(sql`clock_timestamp()`),
  /** The helpdesk's own; null before the first page. */
  cursor: text('cursor'),
  polledAt: moment('polled_at'),
  /** The next look is due then. */
  dueAt: moment('due_at').notNull().default(sql`clock_timestamp()`),
  /** A process is reading until then at the latest, and no other may. */
  heldUntil: moment('held_until'),
  /** Names the process that reads. */
  holder: text('holder'),
  /** The pause after the last look, in milliseconds. */
  pauseMs: integer('pause_ms').notNull().default(0),
  /** True when the last page was the newest. */
  isAtEnd: boolean('is_at_end').notNull().default(false),
});

/** Where each ticket is in its helpdesk, as it was last read. */
export const places = switchboardSchema.table('places', {
  ticketId: text('ticket_id')
    .primaryKey()
    .references(() => tickets.id, { onDelete: 'cascade' }),
  place: jsonb('place').$type<Place>().notNull(),
  state: text('state').$type<HelpdeskState>().notNull(),
  stamp: text('stamp').notNull(),
  /** What an agent has done with it first, after which we write nothing; null while no agent has. */
  handling: jsonb('handling').$type<Handling>(),
  /** False for a ticket outside the connector's intake and with none of our teams. */
  isInIntake: boolean('is_in_intake').notNull(),
  /** When the read began, by the clock of the process that read. */
  readAt: moment('read_at').notNull().default(sql`clock_timestamp()`),
});

/** What others, and we, have changed in a helpdesk. */
export const changes = switchboardSchema.table(
  'changes',
  {
    connector: text('connector').notNull(),
    /** The helpdesk's id of the change. */
    sourceId: text('source_id').notNull(),
    field: text('field').$type<PlaceField>().notNull(),
    ticketId: text('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    at: moment('at').notNull(),
    by: jsonb('by').$type<OutsideActor>().notNull(),
    from: text('from'),
    to: text('to'),
  },
  (table) => [
    primaryKey({ columns: [table.connector, table.sourceId, table.field] }),
    index('changes_ticket').on(table.ticketId, table.at),
  ],
);

/** Trained models of the embedded engine, by a key made from what they were trained on. */
export const models = switchboardSchema.table('models', {
  key: text('key').primaryKey(),
  bytes: bytea('bytes').notNull(),
  createdAt: moment('created_at').notNull().default(sql`clock_timestamp()`),
});

/** The calibration of each engine for a taxonomy, fitted on labelled tickets. */
export const calibrations = switchboardSchema.table(
  'calibrations',
  {
    engine: text('engine').notNull(),
    /** Version of the taxonomy. */
    taxonomy: text('taxonomy').notNull(),
    version: text('version').notNull(),
    calibration: jsonb('calibration').$type<EngineCalibration>().notNull(),
    actor: jsonb('actor').$type<Actor>().notNull(),
    appliedAt: moment('applied_at').notNull().default(sql`clock_timestamp()`),
  },
  (table) => [primaryKey({ columns: [table.engine, table.taxonomy] })],
);

/** What decisions were made with: taxonomy, rules, prompt, model settings, thresholds and calibrations under one id. */
export const releases = switchboardSchema.table('releases', {
  id: text('id').primaryKey(),
  content: jsonb('content').$type<ReleaseContent>().notNull(),
  createdAt: moment('created_at').notNull().default(sql`clock_timestamp()`),
});

/** Browsers that are signed in. */
export const sessions = switchboardSchema.table('sessions', {
  /** SHA-256 of the session's id, which only the browser knows. */
  hash: text('hash').primaryKey(),
  actor: jsonb('actor').$type<Actor>().notNull(),
  /** Fingerprint of the token or password that the user signed in with; a different one ends the session. */
  tokenFingerprint: text('token_fingerprint').notNull(),
  createdAt: moment('created_at').notNull().default(sql`clock_timestamp()`),
  expiresAt: moment('expires_at').notNull(),
});

/** People with a name of their own, who sign in with a password or are signed in by a proxy. */
export const users = switchboardSchema.table('users', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  role: text('role').$type<Role>().notNull(),
  /** As src/people/password.ts writes it; null until the user has chosen one. */
  passwordHash: text('password_hash'),
  /** SHA-256 of the code in the link with which the user chooses a password; null when there is none to use. */
  invitationHash: text('invitation_hash').unique('users_invitation_hash'),
  invitationExpiresAt: moment('invitation_expires_at'),
  createdAt: moment('created_at').notNull().default(sql`clock_timestamp()`),
  lastSeenAt: moment('last_seen_at'),
  /** A removed user stays as a mark, so that a proxy does not make the user anew. */
  removedAt: moment('removed_at'),
});

/** Tokens of integrations; only hashes of what they send. */
export const tokens = switchboardSchema.table('tokens', {
  id: text('id').primaryKey(),
  name: text('name').notNull().unique('tokens_name'),
  role: text('role').$type<Role>().notNull(),
  /** SHA-256 of the secret, which is random and long. */
  hash: text('hash').notNull().unique('tokens_hash'),
  /** Who made it. */
  by: jsonb('by').$type<Actor>().notNull(),
  createdAt: moment('created_at').notNull().default(sql`clock_timestamp()`),
  lastUsedAt: moment('last_used_at'),
});

/** One row, about the tables themselves; migrations write it. */
export const schemaInfo = switchboardSchema.table(
  'schema_info',
  {
    isOnlyRow: boolean('is_only_row').primaryKey().default(true),
    /** A program works with this database if it knows the migrations up to this number, newer ones or not. */
    oldestProgram: integer('oldest_program').notNull(),
  },
  (table) => [check('schema_info_one_row', sql`${table.isOnlyRow}`)],
);
