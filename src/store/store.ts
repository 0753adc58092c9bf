import type { Actor } from '../base/actor.ts';
import type { EngineCalibration } from '../classifiers/calibration/engine-calibration.ts';
import type { Classification } from '../classifiers/classifier.ts';
import type { SpendRequest } from '../classifiers/model-api/spend-ledger.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
import type { Decision, Delivery } from '../routing/decision.ts';
import type { Release } from '../routing/release.ts';
import type { Ticket } from '../ticket/ticket.ts';
import type { Connection, Executor } from './database.ts';
import type { HistoryEvent, HistoryFacts } from './history-facts.ts';

/** `received` (stored and queued), `decided` (classified and routed). */
export const ticketStates = ['received', 'decided'] as const;
export type TicketState = (typeof ticketStates)[number];

export type HistoryEntry = {
  /** Orders events within one millisecond and resumes the event stream. */
  readonly seq: number;
  /** Null for what is about no single ticket, for example an import of examples. */
  readonly ticketId: string | null;
  readonly at: string;
  readonly event: HistoryEvent;
  /** A name for people; `actor` says who it was. */
  readonly by: string;
  readonly actor: Actor;
  /** A sentence or a part of one, for people. */
  readonly detail: string;
  readonly facts: HistoryFacts;
};

/** One revision of one ticket: what a job carries, and what is decided exactly once. */
export type TicketRef = { readonly ticketId: string; readonly revision: number };

/** A ticket as stored. `id` is the key in the API; (connector, externalId) names it in its helpdesk. */
export type StoredTicket = {
  readonly id: string;
  readonly connector: string;
  readonly externalId: string;
  /** 1 for the first content; one more each time a helpdesk sends other content. */
  readonly revision: number;
  readonly contentHash: string;
  readonly state: TicketState;
  readonly receivedAt: string;
  readonly ticket: Ticket;
};

/** A ticket with what is known of it now. What is not decided yet is null. */
export type TicketSummary = {
  readonly ticketId: string;
  readonly revision: number;
  readonly state: TicketState;
  readonly receivedAt: string;
  readonly ticket: Ticket;
  readonly classification: Classification | null;
  readonly decision: Decision | null;
  readonly delivery: Delivery | null;
};

/** What GET /v1/tickets/:id shows. */
export type TicketRecord = TicketSummary & {
  readonly connector: string;
  readonly externalId: string;
  /** Where the ticket is now; null before its first decision. */
  readonly assignment: Assignment | null;
  /** What people said of it, oldest first; what was undone too. */
  readonly feedback: readonly StoredFeedback[];
  /** Oldest first. */
  readonly history: readonly Omit<HistoryEntry, 'ticketId'>[];
};

/** A ticket in a list: what a row shows, and nothing of its text but the subject. */
export type TicketRow = Pick<StoredTicket, 'connector' | 'externalId' | 'revision' | 'state' | 'receivedAt'> & {
  readonly ticketId: string;
  readonly url: string | null;
  /** Its first 200 characters. */
  readonly subject: string | null;
  readonly requester: { readonly name: string | null; readonly email: string | null; readonly tier: string | null };
  readonly channel: string | null;
  readonly language: string | null;
  readonly tags: readonly string[];
  readonly classification: Pick<
    Classification,
    | 'intent'
    | 'confidence'
    | 'abstained'
    | 'stage'
    | 'model'
    | 'urgency'
    | 'sentiment'
    | 'language'
    | 'costUsd'
    | 'latencyMs'
  > | null;
  readonly decision: Pick<
    Decision,
    'id' | 'team' | 'assignee' | 'priority' | 'urgency' | 'rule' | 'mode' | 'because' | 'release'
  > | null;
  readonly delivery: Delivery | null;
  readonly assignment: Assignment | null;
};

export type TicketFilter = {
  readonly state?: TicketState;
  /** Received at this moment or later, as ISO 8601. */
  readonly receivedAfter?: string;
  /** Received before this moment. */
  readonly receivedBefore?: string;
  /** Where the ticket is now, whoever put it there. */
  readonly team?: string;
  readonly assignee?: string;
  readonly priority?: Decision['priority'];
  readonly urgency?: Decision['urgency'];
  readonly rule?: string;
  readonly mode?: Decision['mode'];
  readonly stage?: Classification['stage'];
  readonly minConfidence?: number;
  readonly maxConfidence?: number;
  /** A leaf, or a parent that stands for all below it. */
  readonly intent?: string;
  readonly connector?: string;
  readonly abstained?: boolean;
};

/** `cursor` comes from the page before; newest first. */
export type TicketListRequest = {
  readonly filter?: TicketFilter;
  /** 1 to 200; 50 when missing. */
  readonly limit?: number;
  readonly cursor?: string | null;
};
export type TicketPage = { readonly items: readonly TicketRow[]; readonly nextCursor: string | null };

export type NewTicket = Omit<StoredTicket, 'state' | 'receivedAt'>;

export type TicketStore = {
  get(ticketId: string): Promise<StoredTicket | null>;
  /** Those of them that are there, in any order. */
  getMany(ticketIds: readonly string[]): Promise<readonly StoredTicket[]>;
  /** The ticket with its classification, decision, delivery and history. */
  getRecord(ticketId: string): Promise<TicketRecord | null>;
  /** Throws InputError when the cursor is not one of ours. */
  list(request?: TicketListRequest): Promise<TicketPage>;
  count(): Promise<{ readonly received: number; readonly decided: number }>;
  /** Those that are not decided yet; quick however many there are in all. */
  countWaiting(): Promise<number>;
  findByKeys(keys: readonly { connector: string; externalId: string }[]): Promise<readonly StoredTicket[]>;
  /** Inserts what is not there yet and answers the ids that it inserted. */
  insertMany(tickets: readonly NewTicket[]): Promise<ReadonlySet<string>>;
  /** Replaces the content as the next revision, if the stored one is still `fromRevision`; false when it is not. */
  revise(options: { ticket: NewTicket; fromRevision: number }): Promise<boolean>;
  /** Those that are still at this revision. */
  markDecided(refs: readonly TicketRef[]): Promise<void>;
};

export type ClassificationStore = {
  get(ref: TicketRef): Promise<Classification | null>;
  /** Revisions that have one already keep it. */
  saveMany(items: readonly (TicketRef & { classification: Classification })[]): Promise<void>;
};

export type StoredDecision = TicketRef & { readonly decision: Decision; readonly decidedAt: string };

export type DecisionStore = {
  get(ref: TicketRef): Promise<Decision | null>;
  getById(decisionId: string): Promise<StoredDecision | null>;
  /** Revisions that have one already keep it; answers the ids of the decisions that were stored. */
  saveMany(items: readonly (TicketRef & { decision: Decision })[]): Promise<ReadonlySet<string>>;
};

/** All that one delivery needs, read at once. */
export type DeliveryOrder = {
  readonly delivery: Delivery;
  readonly decision: Decision;
  /** The revision that was decided; the ticket may have moved on. */
  readonly revision: number;
  readonly ticket: StoredTicket;
  readonly classification: Classification;
};

export type DeliveryStore = {
  /** Those of them that are there, in any order; `decision.id` says which. */
  getOrders(decisionIds: readonly string[]): Promise<readonly DeliveryOrder[]>;
  get(decisionId: string): Promise<Delivery | null>;
  /** Starts deliveries, as `pending` or as `skipped`. */
  openMany(items: readonly { decisionId: string; delivery: Delivery }[]): Promise<void>;
  /** Moves pending deliveries to their ends; answers the decisions of those that had not ended before. */
  finishMany(items: readonly { decisionId: string; delivery: Delivery }[]): Promise<ReadonlySet<string>>;
  countPending(): Promise<number>;
};

/** Where a ticket is, and who put it there. */
export type Assignment = {
  readonly team: string;
  readonly assignee: string | null;
  readonly by: Actor;
  readonly at: string;
  readonly cause: AssignmentCause;
};

export type AssignmentStore = {
  get(ticketId: string): Promise<Assignment | null>;
  /**
   * Keeps others from changing where these tickets are, and from erasing them, until the transaction ends. Returns where
   * they are now, by ticket: null for one that was never assigned; one that is not there any more is missing.
   */
  lock(ticketIds: readonly string[]): Promise<ReadonlyMap<string, Assignment | null>>;
  saveMany(items: readonly (Omit<Assignment, 'at'> & { readonly ticketId: string })[]): Promise<void>;
  remove(ticketId: string): Promise<void>;
};

export type NewHistoryEntry = {
  [Event in HistoryEvent]: Omit<HistoryEntry, 'seq' | 'at' | 'event' | 'facts'> & {
    readonly event: Event;
    readonly facts: HistoryFacts<Event>;
  };
}[HistoryEvent];

export type HistoryStore = {
  append(entries: readonly NewHistoryEntry[]): Promise<void>;
  ofTicket(ticketId: string): Promise<readonly HistoryEntry[]>;
  /** Entries after `seq`, oldest first, none of which an open transaction can still come before. */
  after(seq: number, limit: number): Promise<readonly HistoryEntry[]>;
  /** The newest entry that `after` would give; 0 when there is none. */
  lastSeq(): Promise<number>;
};

/** Why a ticket is where it is: a decision of ours, or somebody who said so. */
export const assignmentCauses = ['decision', 'feedback', 'helpdesk'] as const;
export type AssignmentCause = (typeof assignmentCauses)[number];

export const exampleSources = ['file', 'import', 'feedback'] as const;
export type ExampleSource = (typeof exampleSources)[number];
/** `waiting` for a review; `removed` is a mark without content, for engines that learned the example. */
export const exampleStates = ['active', 'waiting', 'removed'] as const;
export type ExampleState = (typeof exampleStates)[number];
/** `waiting` for a review: nothing follows from it yet. */
export const feedbackStates = ['applied', 'waiting', 'undone'] as const;
export type FeedbackState = (typeof feedbackStates)[number];
export type StoredExample = {
  readonly example: Example;
  readonly source: ExampleSource;
  readonly state: ExampleState;
  /** Why it waits for a review; null when it does not. */
  readonly why: string | null;
  /** Who added it; null for the company's own files. */
  readonly actor: Actor | null;
  /** The ticket, and the feedback on it, that it was made of. */
  readonly ticketId: string | null;
  readonly feedbackId: number | null;
  readonly updatedAt: string;
};
export type NewExample = { readonly example: Example; readonly source: ExampleSource } & Partial<
  Pick<StoredExample, 'state' | 'why' | 'actor' | 'ticketId' | 'feedbackId'>
>;
export type ExampleChanges = { readonly added: number; readonly changed: number; readonly unchanged: number };

export type ExampleFilter = {
  /** A leaf, or a parent that stands for all below it. */
  readonly intent?: string;
  readonly source?: ExampleSource;
  readonly state?: Exclude<ExampleState, 'removed'>;
  /** Id of the actor who added it. */
  readonly actor?: string;
  /** Words that stand in subject or body, in any case. */
  readonly text?: string;
};

export type ExampleStore = {
  /** Those that engines learn from, in the order of their ids. */
  all(): Promise<readonly StoredExample[]>;
  /** Those of them that are there, whatever their state; removed ones are not. */
  find(ids: readonly string[]): Promise<readonly StoredExample[]>;
  /** Active and removed ones that changed from this moment of the database's clock on. */
  changedSince(moment: Date): Promise<readonly StoredExample[]>;
  /** In the order of ids; `cursor` is the last id of the page before. */
  list(request: {
    readonly filter?: ExampleFilter;
    readonly limit: number;
    readonly cursor: string | null;
  }): Promise<{ readonly items: readonly StoredExample[]; readonly nextCursor: string | null }>;
  /** Active ones. */
  countBySource(): Promise<Readonly<Record<ExampleSource, number>>>;
  /** Active ones made of feedback on this ticket. */
  ofTicket(ticketId: string): Promise<readonly StoredExample[]>;
  /** Adds, or replaces by id. */
  upsert(examples: readonly NewExample[]): Promise<ExampleChanges>;
  /** Makes those of source `file` exactly these. The company's own files win over what was imported under the same id. */
  syncFile(examples: readonly Example[]): Promise<ExampleChanges & { readonly removed: number }>;
  /** Leaves a mark without content in their place, for the engines that have learned them; returns how many there were. */
  remove(ids: readonly string[]): Promise<number>;
  /** Deletes the marks of what was removed before this moment. */
  purgeRemoved(before: Date): Promise<number>;
};

export type Feedback = {
  /** The right leaf. */
  readonly intent?: string;
  /** The right team. */
  readonly team?: string;
  /** 1 to 5: how much the explanation helped. */
  readonly rating?: number;
  readonly comment?: string;
  /** The name that somebody gave; who it really was is the actor. */
  readonly by?: string;
};
export type StoredFeedback = {
  readonly id: number;
  readonly ticketId: string;
  readonly revision: number;
  readonly at: string;
  readonly feedback: Feedback;
  readonly actor: Actor;
  readonly state: FeedbackState;
  /** Why it waits for a review; null when it does not. */
  readonly why: string | null;
  readonly undoneAt: string | null;
  readonly undoneBy: Actor | null;
};

export type FeedbackStore = {
  add(entry: TicketRef & Pick<StoredFeedback, 'feedback' | 'actor' | 'state' | 'why'>): Promise<StoredFeedback>;
  /** Oldest first. */
  ofTicket(ticketId: string): Promise<readonly StoredFeedback[]>;
  /** Lets what waited take effect. */
  apply(id: number): Promise<void>;
  undo(id: number, by: Actor): Promise<void>;
  /** How many right intents this actor has named since, undone ones included. */
  countCorrections(options: { readonly actor: Actor; readonly since: Date }): Promise<number>;
};

/** A total that is kept as things happen. */
export type Counter = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};
export type CounterStore = { all(): Promise<readonly Counter[]> };

/** Tickets that were erased together, for processes that have files of their own to take them out of. */
export type Erasure = {
  /** Rises in the order of commits. */
  readonly id: number;
  readonly at: string;
  readonly actor: Actor;
  readonly tickets: number;
  readonly examples: number;
  /** Empty when it is long ago. */
  readonly ticketIds: readonly string[];
};

export type ErasureStore = {
  /** Ids of the tickets of this requester, whatever the case of the address. */
  findTickets(requester: string): Promise<readonly string[]>;
  /**
   * Ids of tickets that are settled (decided, nothing left to deliver) and that nothing has happened to since `before`,
   * the oldest first.
   */
  findIdleTickets(request: { readonly before: Date; readonly limit: number }): Promise<readonly string[]>;
  /** What corrections of these tickets have taught, whatever its state. */
  findExamplesOfTickets(ticketIds: readonly string[]): Promise<readonly StoredExample[]>;
  /** Examples that name this requester, whatever the case of the address. */
  findExamplesOfRequester(requester: string): Promise<readonly StoredExample[]>;
  /** Deletes tickets with everything that hangs on them, examples excepted; returns the ids of those that were there. */
  deleteTickets(ticketIds: readonly string[]): Promise<readonly string[]>;
  /** Called after the history was written, so that ids rise in the order of commits. */
  record(erasure: Omit<Erasure, 'id' | 'at' | 'tickets'>): Promise<void>;
  /** Those after this one, oldest first. */
  after(id: number, limit: number): Promise<readonly Erasure[]>;
  /** Empties the lists of ids that are older than this. */
  forgetIds(before: Date): Promise<void>;
};

export type ReleaseStore = {
  /** Known ones stay as they are. */
  save(release: Release): Promise<void>;
  get(id: string): Promise<Release | null>;
};

/** How far one engine can be trusted on one taxonomy. */
export type StoredCalibration = {
  readonly calibration: EngineCalibration;
  readonly actor: Actor;
  readonly appliedAt: string;
};

export type CalibrationStore = {
  /** At most one of each engine; `taxonomy` is its version. */
  ofTaxonomy(taxonomy: string): Promise<readonly StoredCalibration[]>;
  /** In place of the one that its engine had for this taxonomy. Notifies those who listen by `onCalibrations`. */
  apply(request: { readonly calibration: EngineCalibration; readonly actor: Actor }): Promise<void>;
};

/** A browser that signed in, by the hash of its session's id. */
export type StoredSession = {
  readonly hash: string;
  readonly actor: Actor;
  /** Of the token that was typed in. */
  readonly tokenFingerprint: string;
  readonly expiresAt: string;
};

export type SessionStore = {
  add(session: StoredSession): Promise<void>;
  /** Also finds one that has expired and was not removed yet. */
  find(hash: string): Promise<StoredSession | null>;
  remove(hash: string): Promise<void>;
  removeExpired(now: Date): Promise<void>;
};

/** What was spent on models, by UTC day, purpose and model. */
export type SpendStore = {
  /**
   * Books what a call may cost, if the sum of the day stays within the limit; returns the day on which it is booked, null
   * where it is not. Processes take turns, so that together they keep to the limit.
   */
  reserve(request: SpendRequest & { readonly limitUsd: number | null }): Promise<string | null>;
  /** Adds to what is booked; less than nothing takes away. */
  adjust(change: SpendRequest & { readonly day: string }): Promise<void>;
  todayUsd(): Promise<number>;
};

export type StoredBreaker = {
  readonly name: string;
  /** Milliseconds from now by the database's clock, below 0 when they are over; null while calls are let through. */
  readonly openForMs: number | null;
  readonly why: string;
  /** Changes with every write. */
  readonly version: string;
};

export type BreakerStore = {
  /** `openForMs: null` closes it. Notifies those who listen by `onBreakers`. */
  set(breaker: Omit<StoredBreaker, 'version'>): Promise<void>;
  all(): Promise<readonly StoredBreaker[]>;
};

export type ProcessStore = {
  /** Notes that the process lives; returns how many of its kind do, itself included. */
  beat(process: { readonly id: string; readonly kind: string }): Promise<number>;
  leave(id: string): Promise<void>;
};

/** The entities, over the database or over one transaction of it. */
export type StoreEntities = {
  readonly tickets: TicketStore;
  readonly classifications: ClassificationStore;
  readonly decisions: DecisionStore;
  readonly deliveries: DeliveryStore;
  readonly history: HistoryStore;
  readonly examples: ExampleStore;
  readonly feedback: FeedbackStore;
  readonly sessions: SessionStore;
  readonly assignments: AssignmentStore;
  readonly counters: CounterStore;
  readonly releases: ReleaseStore;
  readonly calibrations: CalibrationStore;
  readonly erasures: ErasureStore;
  readonly spend: SpendStore;
  readonly breakers: BreakerStore;
  readonly processes: ProcessStore;
};

/** The entities within one transaction; `executor` lets the queue write into the same one. */
export type StoreTransaction = StoreEntities & { readonly executor: Executor };

/** PGlite in the data folder (`embedded`) or PostgreSQL, behind one type. */
export type Store = StoreEntities & {
  readonly kind: 'embedded' | 'postgresql';
  /** For people: the folder, or the address without user and password. */
  readonly location: string;
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T>;
  /** `transaction` for one process at a time; null, and nothing done, when another one is at it. */
  upkeep<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T | null>;
  /** Calls back soon after a transaction that wrote history has committed, in this process or another. */
  onHistory(listener: () => void): Promise<() => Promise<void>>;
  /** The same for examples that were added or changed; after a lost connection it calls back once in any case. */
  onExamples(listener: () => void): Promise<() => Promise<void>>;
  /** The same for circuit breakers that were written. */
  onBreakers(listener: () => void): Promise<() => Promise<void>>;
  /** The same for calibrations. */
  onCalibrations(listener: () => void): Promise<() => Promise<void>>;
  /** Rejects with StoreUnavailableError when the database does not answer. */
  ping(): Promise<void>;
  /** Lets the lock of an embedded store answer with the URL that its owner serves; nothing on PostgreSQL. */
  announceUrl(url: string): void;
  /**
   * Leaves nothing in the files of an embedded store of what was deleted before: its tables are written anew, which
   * holds the process up meanwhile. A server of PostgreSQL does that by itself.
   */
  compact(): Promise<void>;
  /** The driver, for the queue that shares it. */
  readonly connection: Connection;
  close(): Promise<void>;
};

export { type HistoryEvent, type HistoryFacts, historyEvents } from './history-facts.ts';
