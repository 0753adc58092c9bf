import type { LabelledTicket, Ticket } from '../../ticket/ticket.ts';

/** A labelled ticket as the index keeps it. `intent` is a leaf. */
export type Example = LabelledTicket & { readonly intent: string };

export type FoundExample = {
  readonly example: Example;
  /** 0 to 1; comparable within one search only. */
  readonly similarity: number;
};

export type ExampleSearch = {
  readonly text: string;
  /** The ticket that the text is of: an embedder outside this machine gets it without what identifies these people. */
  readonly ticket?: Ticket;
  /** At most this many. */
  readonly k: number;
  /** At most this many of one intent. */
  readonly perIntent: number;
  readonly minSimilarity: number;
  /** Ids never returned (the ticket itself and its variants, in evaluation). */
  readonly excludeIds?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
};

/** Finds the labelled tickets that are most like a text. */
export type ExampleIndex = {
  /** Changes with every example added, changed or removed. */
  readonly version: string;
  search(search: ExampleSearch): Promise<readonly FoundExample[]>;
  /** Adds, or replaces by id. */
  upsert(examples: readonly Example[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Leaves nothing on the disk of examples that it does not have any more. */
  dropTraces?(): Promise<void>;
  close?(): Promise<void>;
};
