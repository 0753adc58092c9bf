import type { Classification, Classifier } from './classifiers/classifier.ts';
import type { Example } from './classifiers/retrieval/example-index.ts';
import type { IntakeResult } from './pipeline/intake-result.ts';
import type { Decision, Delivery } from './routing/decision.ts';
import type { EventFeed } from './store/event-feed.ts';
import type { ExampleChanges, Feedback, Store, StoredFeedback } from './store/store.ts';
import type { Taxonomy } from './taxonomy/taxonomy.ts';
import type { IncomingTicket } from './ticket/ticket.ts';

/** The core of `route --json`, `POST /v1/route` and `GET /v1/tickets/:id`. */
export type RouteResult = {
  readonly ticketId: string;
  readonly classification: Classification;
  readonly decision: Decision;
  readonly delivery: Delivery;
};

/** Which engine answers, and why that one, for people: `no ANTHROPIC_API_KEY: embedded engine`. */
export type Engine = { readonly kind: 'local' | 'claude' | 'cascade' | 'http'; readonly why: string };

/** Decides for one ticket; stores nothing. */
export type Decider = {
  readonly taxonomy: Taxonomy;
  readonly classifier: Classifier;
  readonly engine: Engine;
  readonly examples: readonly Example[];
  /** Mints an id when the ticket has none. Throws `ClassifierError` when no engine can answer. */
  route(ticket: IncomingTicket, signal?: AbortSignal): Promise<RouteResult>;
  close(): Promise<void>;
};

export type Health = {
  readonly ready: boolean;
  readonly store: {
    readonly kind: Store['kind'];
    readonly location: string;
    readonly ok: boolean;
    readonly error: string | null;
  };
  readonly queue: { readonly ok: boolean; readonly waiting: number; readonly active: number };
  readonly worker: { readonly running: boolean };
  readonly engine: Engine;
  readonly examples: number;
};

/** A decider with its store, queue and connectors: what `serve` and `work` run on. */
export type App = Decider & {
  readonly store: Store;
  /** Resolves once the ticket is committed and queued. Throws ConflictError, InputError, StoreUnavailableError. */
  intake(request: { connector: string; ticket: IncomingTicket }): Promise<IntakeResult>;
  /** Stores what a person says of a decision; a right intent becomes an example. Throws NotFoundError, InputError. */
  feedback(request: { ticketId: string; feedback: Feedback }): Promise<StoredFeedback>;
  /** Stores labelled tickets as imported examples and trains on them. Throws InputError. */
  importExamples(examples: readonly Example[]): Promise<ExampleChanges>;
  readonly events: EventFeed;
  /** Works the queue in this process until the app closes, or until the answer is called. */
  startWorker(): Promise<() => Promise<void>>;
  health(): Promise<Health>;
  announceUrl(url: string): void;
  /** Ends in under 3 s; what was not finished is done again at the next start. */
  close(): Promise<void>;
};
