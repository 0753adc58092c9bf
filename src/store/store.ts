// The seam of the store: what each entity keeps and finds, for PostgreSQL and PGlite alike. A list of types, long because it
// names every entity once.
import type { Actor } from '../base/actor.ts';
import type { Role } from '../base/role.ts';
import type { EngineCalibration } from '../classifiers/calibration/engine-calibration.ts';
import type { Classification } from '../classifiers/classifier.ts';
import type { SpendRequest } from '../classifiers/model-api/spend-ledger.ts';
import type { Decision, Delivery } from '../routing/decision.ts';
import type { Release } from '../routing/release.ts';
import type { IntentScope } from '../taxonomy/intent-scope.ts';
import type { HelpdeskState, OutsideActor, OutsideChange, Place, Written } from '../ticket/helpdesk-ticket.ts';
import type { LabelledTicket, Ticket } from '../ticket/ticket.ts';
import type { Connection, Executor, TransactionOptions } from './database.ts';
import type { HistoryEvent, HistoryFacts } from './history-facts.ts';
import type { ReviewStore } from './review-store.ts';

/** `received` (stored and queued), `decided` (classified and routed). */
export const ticketStates = ['received', 'decided'] as const;
export type TicketState = (typeof ticketStates)[number];

export type HistoryEntry = {
  /** Orders events within one millisecond and resumes the event stream. */
  readonly seq: number;
  /** Null when the entry is not about a single ticket, for example an import of examples. */
  readonly ticketId: string | null;
  readonly at: string;
  readonly event: HistoryEvent;
  /** A name for people; `actor` says who it was. */
  readonly by: string;
  readonly actor: Actor;
  /** For people: a sentence or part of one. */
  readonly detail: string;
  readonly facts: HistoryFacts;
};

/** One revision of one ticket. Jobs refer to it, and it is decided exactly once. */
export type TicketRef = { readonly ticketId: string; readonly revision: number };

/** A ticket as stored. `id` is the key in the API; (connector, externalId) names it in its helpdesk. */
export type StoredTicket = {
  readonly id: string;
  /** In the order of arrival. A ticket that gets the id of an erased one has another position. */
  readonly position: number;
  readonly connector: string;
  readonly externalId: string;
  /** 1 for the first content; increases by one each time a helpdesk sends different content. */
  readonly revision: number;
  readonly contentHash: string;
  readonly state: TicketState;
  readonly receivedAt: string;
  readonly ticket: Ticket;
};

/** A ticket with what is known about it now. What is not decided yet is null. */
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
  /** Where it is in its helpdesk; null where the helpdesk was never asked. */
  readonly place: PlaceRecord | null;
  /** What others, and we, have changed in the helpdesk, oldest first. */
  readonly changes: readonly OutsideChange[];
  /** What people said about it, oldest first, including feedback that was undone. */
  readonly feedback: readonly StoredFeedback[];
  /** Oldest first. */
  readonly history: readonly Omit<HistoryEntry, 'ticketId'>[];
};

/** A ticket as a row of a list. Of its text it has the subject, or how it begins. */
export type TicketRow = Pick<StoredTicket, 'connector' | 'externalId' | 'revision' | 'state' | 'receivedAt'> & {
  readonly ticketId: string;
  readonly url: string | null;
  /** Its first 200 characters. */
  readonly subject: string | null;
  readonly requester: { readonly name: string | null; readonly email: string | null; readonly tier: string | null };
  readonly channel: string | null;
  readonly language: string | null;
  readonly tags: readonly string[];
  /** How the customer's own words begin, where there is no subject. */
  readonly opening: string | null;
  /** What people said last that the ticket is about: `null` inside where no intent fits; null where nobody said anything. */
  readonly said: { readonly intent: string | null } | null;
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
  /** Only tickets received at this moment or later; ISO 8601. */
  readonly receivedAfter?: string;
  /** Only tickets received before this moment. */
  readonly receivedBefore?: string;
  /** The team that the ticket is with now, whoever put it there. */
  readonly team?: string;
  readonly assignee?: string;
  readonly priority?: Decision['priority'];
  readonly urgency?: Decision['urgency'];
  readonly rule?: string;
  readonly mode?: Decision['mode'];
  readonly stage?: Classification['stage'];
  readonly minConfidence?: number;
  readonly maxConfidence?: number;
  /** What people said, or else the classification: a leaf, or a parent with everything below it. */
  readonly intent?: IntentScope;
  /** What the classification said and people corrected. */
  readonly correctedFrom?: IntentScope;
  readonly connector?: string;
  readonly abstained?: boolean;
  /** The language that the classification names. */
  readonly language?: string;
  /** Words of subject, body and requester: all must occur, the last one as a beginning. A text without words restricts nothing. */
  readonly text?: string;
  readonly ids?: readonly string[];
};

/** What tickets can be counted by. */
export const countedFields = [
  'team',
  'intent',
  'stage',
  'language',
  'mode',
  'connector',
  'abstained',
  'state',
  'priority',
] as const;
export type CountedField = (typeof countedFields)[number];
export const seriesSteps = ['hour', 'day'] as const;
export type SeriesStep = (typeof seriesSteps)[number];

/** The tickets that figures are of. */
export type CountedTickets = {
  readonly since: Date;
  /** Exclusive. */
  readonly until: Date;
  readonly filter?: Omit<TicketFilter, 'receivedAfter' | 'receivedBefore' | 'ids'>;
};
export type SeriesRequest = CountedTickets & { readonly step: SeriesStep };

/** Figures of the tickets that were received in one step. */
export type SeriesPoint = {
  readonly start: string;
  readonly tickets: number;
  readonly byStage: Readonly<Record<Classification['stage'], number>>;
  readonly abstained: number;
  readonly costUsd: number;
  /** From receiving a ticket to its decision, to within 5 %; null where none is decided. */
  readonly decisionMs: { readonly p50: number; readonly p90: number } | null;
  /** Tickets by tenths of confidence, the lowest first. */
  readonly confidence: readonly number[];
  /** Tickets to which people gave another intent. */
  readonly corrections: number;
};

/** How often people said another intent than the classification; null: none. */
export type CorrectedIntent = { readonly intent: string | null; readonly to: string | null; readonly count: number };

/** Figures of tickets, by what is stored of them for this purpose; how many tickets there are does not matter. */
export type FigureStore = {
  /** The number of tickets by value. Intents are the stored ones. */
  counts(request: CountedTickets & { readonly by: CountedField }): Promise<ReadonlyMap<string | null, number>>;
  /** One point for each step, without gaps. The first and the last step may reach beyond the time. */
  series(request: SeriesRequest): Promise<readonly SeriesPoint[]>;
  /** In any order. */
  corrections(request: { readonly since: Date; readonly until: Date }): Promise<readonly CorrectedIntent[]>;
  /** What the decisions on these tickets cost, and how many tickets are decided. */
  cost(request: CountedTickets): Promise<{ readonly tickets: number; readonly usd: number }>;
};

/** A ticket whose words are not stored yet. */
export type DueWords = { readonly position: number; readonly revision: number; readonly ticket: Ticket };

/** The words of tickets, which searches find them by. The rows are made with the tickets and erased with them. */
export type WordStore = {
  /** The newest tickets without the words of their present revision. In a transaction, others then leave them out. */
  due(limit: number): Promise<readonly DueWords[]>;
  /** Leaves out tickets that have another revision by now. */
  save(items: readonly (Omit<DueWords, 'ticket'> & { readonly words: readonly string[] })[]): Promise<void>;
  /** Sorts what was saved into the index. Until then searches read it as a list; do so after some hundred tickets. */
  tidy(): Promise<void>;
};

/** The newest come first; `cursor` comes from the previous page. */
export type TicketListRequest = {
  readonly filter?: TicketFilter;
  /** 1 to 200; 50 when missing. */
  readonly limit?: number;
  readonly cursor?: string | null;
};
export type TicketPage = { readonly items: readonly TicketRow[]; readonly nextCursor: string | null };

export type NewTicket = Omit<StoredTicket, 'position' | 'state' | 'receivedAt'> & {
  /** How the customer's own words begin, where there is no subject. */
  readonly opening?: string | null;
};

export type TicketStore = {
  get(ticketId: string): Promise<StoredTicket | null>;
  /** Returns those that exist, in any order. */
  getMany(ticketIds: readonly string[]): Promise<readonly StoredTicket[]>;
  /**
   * Keeps others from reassigning or erasing these tickets until the transaction ends. Returns the positions of those that
   * exist, by id.
   */
  lock(ticketIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The ticket with its classification, decision, delivery and history. */
  getRecord(ticketId: string): Promise<TicketRecord | null>;
  /** Throws InputError when the cursor is not one of ours. */
  list(request?: TicketListRequest): Promise<TicketPage>;
  count(): Promise<{ readonly received: number; readonly decided: number }>;
  /** Counts tickets that are not decided yet; quick however many tickets there are. */
  countWaiting(): Promise<number>;
  /** For how long the ticket that waits longest has been without a decision; null when none waits. Quick as well. */
  oldestWaitingSeconds(): Promise<number | null>;
  findByKeys(keys: readonly { connector: string; externalId: string }[]): Promise<readonly StoredTicket[]>;
  /** Inserts tickets that do not exist yet. Where one does, the transaction rejects: `isRepeatedKey` of its error is true. */
  insertNew(tickets: readonly NewTicket[]): Promise<void>;
  /** Inserts the tickets that do not exist yet and returns their ids. */
  insertMany(tickets: readonly NewTicket[]): Promise<ReadonlySet<string>>;
  /** Stores the content as the next revision if the ticket is still at `fromRevision`; otherwise returns false. */
  revise(options: { ticket: NewTicket; fromRevision: number }): Promise<boolean>;
  /** Marks the tickets as decided that are still at this revision. */
  markDecided(refs: readonly TicketRef[]): Promise<void>;
};

export type ClassificationStore = {
  get(ref: TicketRef): Promise<Classification | null>;
  /** Saves classifications; a revision that already has one keeps it. */
  saveMany(items: readonly (TicketRef & { classification: Classification })[]): Promise<void>;
};

export type StoredDecision = TicketRef & { readonly decision: Decision; readonly decidedAt: string };

export type DecisionStore = {
  get(ref: TicketRef): Promise<Decision | null>;
  getById(decisionId: string): Promise<StoredDecision | null>;
  /** Of the revisions of these tickets, those that have a decision. */
  decidedRevisions(ticketIds: readonly string[]): Promise<readonly TicketRef[]>;
  /** Saves decisions and returns the ids of those stored; a revision that already has a decision keeps it. */
  saveMany(items: readonly (TicketRef & { decision: Decision })[]): Promise<ReadonlySet<string>>;
};

/** Everything that one delivery needs, read at once. */
export type DeliveryOrder = {
  readonly delivery: Delivery;
  readonly decision: Decision;
  /** The revision that was decided; the ticket may have a newer one. */
  readonly revision: number;
  readonly ticket: StoredTicket;
  readonly classification: Classification;
};

export type DeliveryStore = {
  /** Returns those that exist, in any order; `decision.id` says which. */
  getOrders(decisionIds: readonly string[]): Promise<readonly DeliveryOrder[]>;
  get(decisionId: string): Promise<Delivery | null>;
  /** Starts deliveries, as `pending` or as `skipped`. */
  openMany(items: readonly { decisionId: string; delivery: Delivery }[]): Promise<void>;
  /** Stores how deliveries ended; returns the decision ids of those that were still pending. */
  finishMany(
    items: readonly { decisionId: string; delivery: Delivery; written?: Written | null }[],
  ): Promise<ReadonlySet<string>>;
  /** What a delivery changed in the helpdesk; null where nothing is known of it. */
  getWritten(decisionId: string): Promise<Written | null>;
  /** Marks a delivered decision as taken back; false when it is not delivered (any more). */
  markUndone(decisionId: string, delivery: Delivery): Promise<boolean>;
  /** Ids of delivered decisions, newest first: those since a moment, those of a release, or both. */
  findDelivered(request: {
    readonly since?: Date;
    readonly release?: string;
    readonly limit: number;
  }): Promise<readonly string[]>;
  /** The id of the newest decision of a later revision that was written and not taken back; null when there is none. */
  findLaterDelivered(of: TicketRef): Promise<string | null>;
  /** How often decisions for this ticket were written since then. */
  countDelivered(request: { readonly ticketId: string; readonly since: Date }): Promise<number>;
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
  /** By ticket; those that were never assigned are missing. Lock the tickets first where nobody may reassign them. */
  getMany(ticketIds: readonly string[]): Promise<ReadonlyMap<string, Assignment>>;
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
  /** Entries after `seq`, oldest first. No open transaction can still add an entry before or between them. */
  after(seq: number, limit: number): Promise<readonly HistoryEntry[]>;
  /** The newest entry that `after` would give; 0 when there is none. */
  lastSeq(): Promise<number>;
};

/** Why a ticket is where it is: our decision, somebody's feedback, or a move in the helpdesk. */
export const assignmentCauses = ['decision', 'feedback', 'helpdesk'] as const;
export type AssignmentCause = (typeof assignmentCauses)[number];

export const exampleSources = ['file', 'import', 'feedback'] as const;
export type ExampleSource = (typeof exampleSources)[number];
/** `waiting`: needs a review first; `removed`: a mark without content, for engines that learned the example. */
export const exampleStates = ['active', 'waiting', 'removed'] as const;
export type ExampleState = (typeof exampleStates)[number];
/** `waiting`: needs a review first and has no effect yet. */
export const feedbackStates = ['applied', 'waiting', 'undone'] as const;
export type FeedbackState = (typeof feedbackStates)[number];
export type StoredExample = {
  /** Its intent is null where a person said that such a ticket belongs to nobody (`outOfScope`). */
  readonly example: LabelledTicket;
  readonly source: ExampleSource;
  readonly state: ExampleState;
  /** Why it waits for a review; null when it does not. */
  readonly why: string | null;
  /** Who added it; null for the company's own files. */
  readonly actor: Actor | null;
  /** The ticket that it was made from. `feedbackId` is the feedback on it. */
  readonly ticketId: string | null;
  readonly feedbackId: number | null;
  readonly updatedAt: string;
};
export type NewExample = {
  readonly example: LabelledTicket;
  readonly source: ExampleSource;
  /** Of a correction: `wordsHash` of its ticket; empty for a ticket without words. */
  readonly wordsHash?: string | null;
} & Partial<Pick<StoredExample, 'state' | 'why' | 'actor' | 'ticketId' | 'feedbackId'>>;
export type ExampleChanges = { readonly added: number; readonly changed: number; readonly unchanged: number };

/** What a person said is the intent of a text. */
export type Correction = {
  /** Hash of the own words of the ticket that was corrected. */
  readonly wordsHash: string;
  /** The example that was made of it. */
  readonly exampleId: string;
  readonly ticketId: string | null;
  /** Null where such a text belongs to nobody. */
  readonly intent: string | null;
  /** `waiting`: needs a review first, and decides nothing. */
  readonly state: Exclude<ExampleState, 'removed'>;
  readonly at: string;
  /** Who said it; null where the feedback is gone. */
  readonly actor: Actor | null;
  /** The name that was given with it: several people may use one token. */
  readonly by: string | null;
  /** What an engine had read in the same words; null where no engine gives it. */
  readonly urgency: Classification['urgency'];
  readonly sentiment: Classification['sentiment'];
  readonly language: string | null;
};

/** Corrections by the words of their tickets. Those that were undone or erased are no longer there. */
export type CorrectionStore = {
  /** The corrections of tickets with one of these hashes, oldest first. */
  ofWords(hashes: readonly string[]): Promise<readonly Correction[]>;
  /** Corrections of earlier versions, whose hash is not known yet; `ticket` is null where its words are gone. */
  withoutHash(limit: number): Promise<readonly { readonly exampleId: string; readonly ticket: Ticket | null }[]>;
  /** Does nothing where the hash is known by now. */
  setHash(item: { readonly exampleId: string; readonly wordsHash: string }): Promise<void>;
};

export type ExampleFilter = {
  readonly id?: string;
  /** A leaf, or a parent with everything below it. */
  readonly intent?: IntentScope;
  /** Only those that belong to nobody, or only the others. */
  readonly outOfScope?: boolean;
  readonly source?: ExampleSource;
  readonly state?: Exclude<ExampleState, 'removed'>;
  /** Id of the actor who added it. */
  readonly actor?: string;
  /** Words that occur in subject or body, in upper or lower case. */
  readonly text?: string;
};

export type ExampleStore = {
  /** The examples that engines learn from, in the order of their ids. */
  all(): Promise<readonly StoredExample[]>;
  /** Returns those that exist, in any state but `removed`. */
  find(ids: readonly string[]): Promise<readonly StoredExample[]>;
  /** Like `find`. Until the transaction ends, others who would change or remove one of them wait. */
  lock(ids: readonly string[]): Promise<readonly StoredExample[]>;
  /** The same for all that were made from feedback on this ticket. */
  lockOfTicket(ticketId: string): Promise<readonly StoredExample[]>;
  /**
   * Who changes examples of several of these sources and intents, one after the other, calls this before, and after it has locked the
   * examples, so that two of them wait for each other and do not deadlock. Null is for those that belong to nobody.
   */
  lockCounts(of: readonly { readonly source: ExampleSource; readonly intent: string | null }[]): Promise<void>;
  /** Active and removed examples that changed at this moment or later, by the database's clock. */
  changedSince(moment: Date): Promise<readonly StoredExample[]>;
  /** Lists examples in the order of ids; `cursor` is the last id of the previous page. */
  list(request: {
    readonly filter?: ExampleFilter;
    readonly limit: number;
    readonly cursor: string | null;
  }): Promise<{ readonly items: readonly StoredExample[]; readonly nextCursor: string | null }>;
  /** Number of active examples per source. */
  countBySource(): Promise<Readonly<Record<ExampleSource, number>>>;
  /** Number of active examples per intent, by the stored id of the intent; those that belong to nobody do not count. */
  countByIntent(): Promise<ReadonlyMap<string, number>>;
  /** Active examples that were made from feedback on this ticket. */
  ofTicket(ticketId: string): Promise<readonly StoredExample[]>;
  /** Adds examples, or replaces those with the same id. */
  upsert(examples: readonly NewExample[]): Promise<ExampleChanges>;
  /** Makes these exactly the examples of source `file`. They replace imported examples with the same id. */
  syncFile(examples: readonly LabelledTicket[]): Promise<ExampleChanges & { readonly removed: number }>;
  /** Replaces them by marks without content, for engines that have learned them; returns how many there were. */
  remove(ids: readonly string[]): Promise<number>;
  /** Deletes the marks of examples that were removed before this moment. */
  purgeRemoved(before: Date): Promise<number>;
};

export type Feedback = {
  /** The right leaf. */
  readonly intent?: string;
  /** The ticket belongs to nobody: no intent fits. Never together with an intent. */
  readonly outOfScope?: true;
  /** The right team. */
  readonly team?: string;
  /** 1 to 5: how much the explanation helped. */
  readonly rating?: number;
  readonly comment?: string;
  /** The name that the person gave; `actor` says who it really was. */
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
  /** Marks feedback that waited as applied. */
  apply(id: number): Promise<void>;
  undo(id: number, by: Actor): Promise<void>;
  /** Lets feedback wait that was applied or undone, or apply that was undone. */
  restore(entry: Pick<StoredFeedback, 'id' | 'why'> & { readonly state: 'applied' | 'waiting' }): Promise<void>;
  /** How many corrections (an intent, or that none fits) this actor has made since then, undone ones included. */
  countCorrections(options: { readonly actor: Actor; readonly since: Date }): Promise<number>;
};

/** A total that is kept up to date, so that nothing has to be counted. */
export type Counter = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};
export type CounterStore = { all(): Promise<readonly Counter[]> };

/** Tickets that were erased together, so that processes remove them from their own files. */
export type Erasure = {
  /** Rises in the order of commits. */
  readonly id: number;
  readonly at: string;
  readonly actor: Actor;
  readonly tickets: number;
  readonly examples: number;
  /** Empty once the erasure is long ago. */
  readonly ticketIds: readonly string[];
};

export type ErasureStore = {
  /** Ids of this requester's tickets, regardless of upper and lower case in the address. */
  findTickets(requester: string): Promise<readonly string[]>;
  /**
   * Ids of tickets that are settled (decided, nothing left to deliver) and had no event since `before`, oldest first.
   */
  findIdleTickets(request: { readonly before: Date; readonly limit: number }): Promise<readonly string[]>;
  /** Examples that were made from corrections of these tickets, in any state. */
  findExamplesOfTickets(ticketIds: readonly string[]): Promise<readonly StoredExample[]>;
  /** Examples that name this requester, regardless of upper and lower case in the address. */
  findExamplesOfRequester(requester: string): Promise<readonly StoredExample[]>;
  /** Deletes tickets with everything that belongs to them but examples; returns the ids of those that existed. */
  deleteTickets(ticketIds: readonly string[]): Promise<readonly string[]>;
  /** Call after writing history in the same transaction, so that ids rise in the order of commits. */
  record(erasure: Omit<Erasure, 'id' | 'at' | 'tickets'>): Promise<void>;
  /** The last erasure of a ticket with this id, while its ids are kept; else null. */
  lastOf(ticketId: string): Promise<Erasure | null>;
  /** Erasures after this one, oldest first. */
  after(id: number, limit: number): Promise<readonly Erasure[]>;
  /** Empties the lists of ids that are older than this. */
  forgetIds(before: Date): Promise<void>;
};

export type ReleaseStore = {
  /** Stores a release; one that is stored already stays as it is. */
  save(release: Release): Promise<void>;
  get(id: string): Promise<Release | null>;
};

/** The calibration of one engine for one taxonomy. */
export type StoredCalibration = {
  readonly calibration: EngineCalibration;
  readonly actor: Actor;
  readonly appliedAt: string;
};

export type DroppedCalibration = { readonly engine: string; readonly actor: Actor; readonly droppedAt: string };

export type CalibrationStore = {
  /** At most one of each engine; `taxonomy` is its version. */
  ofTaxonomy(taxonomy: string): Promise<readonly StoredCalibration[]>;
  /** Replaces the calibration of its engine for this taxonomy. Calls the listeners of `onCalibrations`. */
  apply(request: { readonly calibration: EngineCalibration; readonly actor: Actor }): Promise<void>;
  /** Removes the calibration of an engine, and remembers that it was dropped; false when there was none. */
  drop(request: { readonly engine: string; readonly taxonomy: string; readonly actor: Actor }): Promise<boolean>;
  /** When and by whom calibrations were dropped that none has replaced since. */
  dropped(taxonomy: string): Promise<readonly DroppedCalibration[]>;
};

/** A browser that is signed in, known by the hash of its session's id. */
export type StoredSession = {
  readonly hash: string;
  readonly actor: Actor;
  /** Fingerprint of the token or password that the user signed in with. */
  readonly tokenFingerprint: string;
  readonly expiresAt: string;
};

export type SessionStore = {
  add(session: StoredSession): Promise<void>;
  /** Also returns a session that has expired and was not removed yet. */
  find(hash: string): Promise<StoredSession | null>;
  remove(hash: string): Promise<void>;
  removeExpired(now: Date): Promise<void>;
};

/** A person with a name of their own. */
export type StoredUser = {
  /** In small letters. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null until the user has chosen a password. */
  readonly passwordHash: string | null;
  /** SHA-256 of the code of the open invitation; null when there is none. */
  readonly invitationHash: string | null;
  readonly invitationExpiresAt: string | null;
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
};

export type UserStore = {
  /** In the order of their ids, without removed ones. */
  all(): Promise<readonly StoredUser[]>;
  /** Null also for a removed one. */
  find(id: string): Promise<StoredUser | null>;
  /** The user with this open invitation, expired or not. */
  findInvited(invitationHash: string): Promise<StoredUser | null>;
  /**
   * Adds a user, and returns false when there is one with this id. `mayReturn: false` also refuses the id of a removed one.
   */
  add(request: {
    readonly user: Pick<StoredUser, 'id' | 'name' | 'role' | 'invitationHash' | 'invitationExpiresAt'>;
    readonly mayReturn: boolean;
  }): Promise<boolean>;
  /** Returns the user with the changes; null when there is none. */
  change(
    id: string,
    changes: Partial<Pick<StoredUser, 'name' | 'role' | 'invitationHash' | 'invitationExpiresAt'>>,
  ): Promise<StoredUser | null>;
  /** Sets the password of the user with this open invitation, which ends it; null when there is none at this moment. */
  acceptInvitation(request: {
    readonly invitationHash: string;
    readonly passwordHash: string;
    readonly now: Date;
  }): Promise<StoredUser | null>;
  /** Leaves a mark without name, password and invitation; false when there is no such user. */
  remove(id: string): Promise<boolean>;
  see(id: string, at: Date): Promise<void>;
};

/** The token of an integration. */
export type StoredToken = {
  readonly id: string;
  /** What the history shows; no two tokens have the same. */
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the secret. */
  readonly hash: string;
  /** Who made it. */
  readonly by: Actor;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
};

export type TokenStore = {
  /** In the order of their names. */
  all(): Promise<readonly StoredToken[]>;
  findByHash(hash: string): Promise<StoredToken | null>;
  findByName(name: string): Promise<StoredToken | null>;
  /** Returns false when the name is taken. */
  add(token: Pick<StoredToken, 'id' | 'name' | 'role' | 'hash' | 'by'>): Promise<boolean>;
  /** Removes the token with this id, or this name; returns what it was, and null when there is none. */
  remove(idOrName: string): Promise<StoredToken | null>;
  use(id: string, at: Date): Promise<void>;
};

/** What was spent on models, by UTC day, purpose and model. */
export type SpendStore = {
  /**
   * Books what a call may cost if the day's total stays within the limit. Returns the day on which it is booked, or
   * null when it is not booked. Processes take turns, so that all of them together stay within the limit.
   */
  reserve(request: SpendRequest & { readonly limitUsd: number | null }): Promise<string | null>;
  /** Adds to the booked amount; a negative `usd` reduces it. */
  adjust(change: SpendRequest & { readonly day: string }): Promise<void>;
  todayUsd(): Promise<number>;
};

export type StoredBreaker = {
  readonly name: string;
  /**
   * Milliseconds from now by the database's clock, negative when the time is over; null while calls are let through.
   */
  readonly openForMs: number | null;
  readonly why: string;
  /** Changes with every write. */
  readonly version: string;
};

export type BreakerStore = {
  /** `openForMs: null` closes the breaker. Calls the listeners of `onBreakers`. */
  set(breaker: Omit<StoredBreaker, 'version'>): Promise<void>;
  all(): Promise<readonly StoredBreaker[]>;
};

export type ProcessStore = {
  /** Records that the process is alive; returns how many of its kind are, itself included. */
  beat(process: { readonly id: string; readonly kind: string }): Promise<number>;
  leave(id: string): Promise<void>;
};

/** `waiting` for its job, `handled`, or `ignored` because nothing could be read from it. */
/** What an agent has done with a ticket in its helpdesk, after which decisions write nothing there. */
export type Handling = {
  readonly how: 'moved' | 'taken' | 'answered';
  readonly by: OutsideActor;
  /** ISO 8601. */
  readonly at: string;
};

/** A ticket in its helpdesk, as it was last read. */
export type StoredPlace = {
  readonly ticketId: string;
  readonly place: Place;
  readonly state: HelpdeskState;
  readonly stamp: string;
  readonly handling: Handling | null;
  /** False for a ticket outside the connector's intake and with none of our teams: it is never written. */
  readonly isInIntake: boolean;
  /** When the read began, by our clock (ISO 8601). */
  readonly readAt: string;
};

/** A place as a ticket's record shows it. */
export type PlaceRecord = Place & Pick<StoredPlace, 'state' | 'handling' | 'readAt'>;

export type PlaceStore = {
  /** By ticket; those that were never read are missing. */
  getMany(ticketIds: readonly string[]): Promise<ReadonlyMap<string, StoredPlace>>;
  /** Replaces what was saved before. Clocks differ, so the caller knows which read is the newest. */
  saveMany(places: readonly StoredPlace[]): Promise<void>;
};

export type StoredChange = OutsideChange & { readonly connector: string; readonly ticketId: string };

export type ChangeStore = {
  /** Stores each change once; returns those that were not stored before, in their order. */
  insertMany(changes: readonly StoredChange[]): Promise<readonly StoredChange[]>;
  /** Oldest first. */
  ofTicket(ticketId: string): Promise<readonly StoredChange[]>;
};

export type StoredCursor = {
  readonly connector: string;
  readonly connectedAt: string;
  readonly cursor: string | null;
  readonly polledAt: string | null;
  readonly dueAt: string;
  /** The pause after the last look, in milliseconds. */
  readonly pauseMs: number;
  readonly isAtEnd: boolean;
};

export type CursorStore = {
  all(): Promise<readonly StoredCursor[]>;
  /**
   * Adds connectors that are connected now; those that are known stay as they are, unless they were connected by a clock that
   * was ahead.
   */
  connect(request: {
    connectors: readonly string[];
    now: Date;
    /** No other process can be reading: what one that died has held is free at once. */
    isAlone?: boolean;
  }): Promise<void>;
  get(connector: string): Promise<StoredCursor | null>;
  /**
   * Takes the right to poll, if a look is due and nobody else has it; else null. A time after `latest` was set by a clock that
   * was ahead, and does not count.
   */
  hold(request: {
    readonly connector: string;
    readonly holder: string;
    readonly now: Date;
    readonly until: Date;
    readonly latest: Date;
  }): Promise<StoredCursor | null>;
  /**
   * Saves how far the holder has read. Returns false, and saves nothing, when somebody else has the right by now. With
   * `until` null the right ends.
   */
  save(request: {
    readonly connector: string;
    readonly holder: string;
    readonly cursor: string | null;
    readonly isAtEnd: boolean;
    readonly now: Date;
    readonly dueAt: Date;
    readonly pauseMs: number;
    readonly until: Date | null;
  }): Promise<boolean>;
  /** Ends the right to poll after a look that failed: nothing else changes, so that the next look is due at once. */
  free(request: { readonly connector: string; readonly holder: string }): Promise<void>;
};

export type WebhookState = 'waiting' | 'handled' | 'ignored';

/** What a helpdesk has sent, as it arrived. */
export type StoredWebhook = {
  readonly id: number;
  readonly connector: string;
  /** The same for each delivery of the same webhook. */
  readonly deduplicationKey: string;
  readonly receivedAt: string;
  /** Those that the connector reads, with names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly state: WebhookState;
  /** Why it was ignored; null when it was not. */
  readonly reason: string | null;
};

export type NewWebhook = Pick<StoredWebhook, 'connector' | 'deduplicationKey' | 'headers' | 'body'>;

export type FinishedWebhook = {
  readonly id: number;
  readonly state: 'handled' | 'ignored';
  readonly reason: string | null;
  /** The helpdesk's ids of the tickets that it was about. */
  readonly externalIds: readonly string[];
};

export type WebhookStore = {
  /** Adds webhooks. Returns the id of each, in their order; null for one whose key is stored already. */
  insertMany(webhooks: readonly NewWebhook[]): Promise<readonly (number | null)[]>;
  /** In no particular order, without those that are not there. */
  getMany(ids: readonly number[]): Promise<readonly StoredWebhook[]>;
  /** Ends the work on webhooks. */
  finishMany(finished: readonly FinishedWebhook[]): Promise<void>;
  /** Deletes those that arrived before, unless they wait. Returns their number. */
  deleteBefore(moment: Date): Promise<number>;
  /** Deletes those that were about one of these tickets. */
  deleteOfTickets(keys: readonly { readonly connector: string; readonly externalId: string }[]): Promise<void>;
  /** Deletes those whose body contains a text, as UTF-8. Returns their number. */
  deleteContaining(text: string): Promise<number>;
};

/** The entities, on the database or within one of its transactions. */
export type StoreEntities = {
  readonly tickets: TicketStore;
  readonly words: WordStore;
  readonly figures: FigureStore;
  readonly classifications: ClassificationStore;
  readonly decisions: DecisionStore;
  readonly deliveries: DeliveryStore;
  readonly history: HistoryStore;
  readonly examples: ExampleStore;
  readonly corrections: CorrectionStore;
  readonly feedback: FeedbackStore;
  readonly reviews: ReviewStore;
  readonly sessions: SessionStore;
  readonly users: UserStore;
  readonly tokens: TokenStore;
  readonly assignments: AssignmentStore;
  readonly counters: CounterStore;
  readonly releases: ReleaseStore;
  readonly calibrations: CalibrationStore;
  readonly erasures: ErasureStore;
  readonly spend: SpendStore;
  readonly breakers: BreakerStore;
  readonly processes: ProcessStore;
  readonly webhooks: WebhookStore;
  readonly places: PlaceStore;
  readonly changes: ChangeStore;
  readonly cursors: CursorStore;
};

/** The entities within one transaction; `executor` lets the queue write in the same transaction. */
export type StoreTransaction = StoreEntities & {
  readonly executor: Executor;
  /**
   * Runs steps that do not need each other's results, and returns them. Their statements travel in one message. PostgreSQL
   * runs them in their order, the embedded store, where no other transaction can come between, in any.
   */
  together<Results extends readonly unknown[]>(...steps: Steps<Results>): Promise<Results>;
  /**
   * Runs the last steps of the transaction in their order; each calls one statement at most, and nothing may be called
   * afterwards. All of them and the commit travel in one message.
   */
  finish<Results extends readonly unknown[]>(...steps: Steps<Results>): Promise<Results>;
};

export type Steps<Results extends readonly unknown[]> = {
  readonly [Index in keyof Results]: () => Promise<Results[Index]>;
};

/** The store: PGlite in the data folder (`embedded`) or PostgreSQL. */
export type Store = StoreEntities & {
  readonly kind: 'embedded' | 'postgresql';
  /** For people: the folder, or the address without user and password. */
  readonly location: string;
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (transaction: StoreTransaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Resolves when all that could be read until now is on the disk: `releasesEarly` of a transaction says why it may not be. */
  flush(): Promise<void>;
  /** Like `transaction`, in one process at a time. Does nothing and returns null while another process is doing it. */
  upkeep<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T | null>;
  /** Calls `listener` soon after a transaction that wrote history has committed, in this process or another. */
  onHistory(listener: () => void): Promise<() => Promise<void>>;
  /**
   * Calls `listener` when a process reports that what arrives takes long to be stored, so that workers start less at once; also
   * calls it once at first and after a lost connection.
   */
  onSlowArrivals(listener: () => void): Promise<() => Promise<void>>;
  reportSlowArrivals(): Promise<void>;
  /** The same for examples that were added or changed; also calls `listener` once after a lost connection. */
  onExamples(listener: () => void): Promise<() => Promise<void>>;
  /** The same for circuit breakers that were written. */
  onBreakers(listener: () => void): Promise<() => Promise<void>>;
  /** The same for calibrations. */
  onCalibrations(listener: () => void): Promise<() => Promise<void>>;
  /** Rejects with StoreUnavailableError when the database does not answer. */
  ping(): Promise<void>;
  /** Lets the lock of an embedded store reply with the URL that its owner serves; does nothing on PostgreSQL. */
  announceUrl(url: string): void;
  /**
   * Removes deleted data from the files of an embedded store by rewriting its tables, which holds up other statements.
   * Does nothing on PostgreSQL, whose server reclaims the space by itself.
   */
  compact(signal?: AbortSignal): Promise<void>;
  /** The driver, for the queue that shares it. */
  readonly connection: Connection;
  close(): Promise<void>;
};

export { type HistoryEvent, type HistoryFacts, historyEvents } from './history-facts.ts';
