import type { Actor } from '../base/actor.ts';
import type { ReviewKind, ReviewVerdict } from './review-kinds.ts';
import type { Feedback, TicketRef } from './store.ts';

/** Who looks at an item: an actor in one browser tab. */
export type Holder = { readonly actor: Actor; readonly reviewer: string };

/** Something that waits for a person, or waited. */
export type ReviewItem = {
  readonly id: number;
  readonly kind: ReviewKind;
  /** Null for an example that was not made from a ticket. */
  readonly ticketId: string | null;
  /** The revision that was decided; null for feedback and examples. */
  readonly revision: number | null;
  readonly feedbackId: number | null;
  readonly exampleId: string | null;
  readonly why: string;
  /** Names an actor and a tab (`nameHolder`); stays when the item is done. */
  readonly holder: string | null;
  readonly heldUntil: string | null;
  /** Whether somebody holds it now. */
  readonly isHeld: boolean;
  readonly isDone: boolean;
  /** Null while it waits, and where it was settled elsewhere. */
  readonly verdict: ReviewVerdict | null;
  readonly doneBy: Actor | null;
  /** The feedback that settled it. */
  readonly answerId: number | null;
  /** Names of actors (`nameSkipper`). */
  readonly skippedBy: readonly string[];
};

/** What is known of the subject of an item. */
export type ReviewSubject = {
  /** The team that has the ticket. */
  readonly team: string | null;
  /** What the engine said of the ticket. */
  readonly decidedIntent: string | null;
  /** The feedback that the item is about. */
  readonly feedback: Feedback | null;
  /** The intent of the example that the item is about; null for one that belongs to nobody. */
  readonly exampleIntent: string | null;
};

export type HeldItem = ReviewItem & { readonly heldUntil: string; readonly subject: ReviewSubject };

export type ReviewFilter = {
  readonly kinds: readonly ReviewKind[];
  readonly team?: string;
  /** Exact ids. */
  readonly intents?: readonly string[];
  readonly language?: string;
};

export type NewReview = TicketRef & {
  readonly kind: 'abstained' | 'unsure';
  readonly intent: string | null;
  readonly language: string | null;
  /** Where the ticket is. */
  readonly team: string;
  readonly urgency: 'low' | 'normal' | 'high' | 'critical';
  readonly why: string;
};

/** What waits for people. Items of feedback and examples are opened and closed by the database itself. */
export type ReviewStore = {
  /** Opens items of decided tickets, each once. */
  openMany(items: readonly NewReview[]): Promise<void>;
  /**
   * What somebody moved without saying why asks no longer, because of later feedback, which asks in its place where `why` is
   * not null.
   */
  askOfMove(move: {
    readonly ticketId: string;
    readonly feedbackId: number;
    readonly why: string | null;
  }): Promise<void>;
  /**
   * Holds items for one reviewer, and gives back those that it held before and does not get now. First come those that it
   * holds, then the most urgent, then the oldest. Nobody else gets one, or another one of the same ticket, until the time is over
   * by the database's clock.
   */
  hold(request: {
    readonly holder: Holder;
    readonly filter: ReviewFilter;
    /** Also what this actor has skipped. */
    readonly skipped: boolean;
    readonly count: number;
    readonly holdMs: number;
  }): Promise<readonly HeldItem[]>;
  get(id: number): Promise<ReviewItem | null>;
  /** Like `get`. Until the transaction ends, others who would change it wait. */
  lock(id: number): Promise<ReviewItem | null>;
  finish(item: {
    readonly id: number;
    readonly verdict: ReviewVerdict;
    readonly holder: Holder;
    readonly answerId: number | null;
  }): Promise<void>;
  /** Gives an item back that its actor does not want to see again. */
  skip(item: { readonly id: number; readonly holder: Holder }): Promise<void>;
  /** Lets an item wait again, held by this reviewer and not skipped by its actor. */
  reopen(item: { readonly id: number; readonly holder: Holder; readonly holdMs: number }): Promise<HeldItem>;
  /** How many wait, by kind. */
  counts(): Promise<Readonly<Record<ReviewKind, number>>>;
  /** How many wait and fit, whoever holds or has skipped them. */
  countWaiting(filter: ReviewFilter): Promise<number>;
  /** Items with a verdict since then; of today (in UTC) when null. */
  countDone(request: { readonly since: Date | null; readonly actor: Actor }): Promise<{ mine: number; all: number }>;
  /** Adds up what has changed, so that counting stays quick. */
  addUp(): Promise<void>;
};
