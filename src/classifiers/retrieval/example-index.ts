import type { LabelledTicket, Ticket } from '../../ticket/ticket.ts';

/** A labelled ticket in the index. `intent` is a leaf. */
export type Example = LabelledTicket & { readonly intent: string };

export type FoundExample = {
  readonly example: Example;
  /** 0 to 1; comparable within one search only. */
  readonly similarity: number;
};

export type ExampleSearch = {
  readonly text: string;
  /** The ticket that the text comes from, with the people whom redaction must hide from an embedder elsewhere. */
  readonly ticket?: Ticket;
  /** Maximum number of results. */
  readonly k: number;
  /** Maximum number of results with the same intent. */
  readonly perIntent: number;
  readonly minSimilarity: number;
  /** Ids that are never returned: the ticket itself and, in an evaluation, its variants. */
  readonly excludeIds?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
};

/** Finds the labelled tickets that are most similar to a text. */
export type ExampleIndex = {
  /** Changes whenever an example is added, changed or removed. */
  readonly version: string;
  search(search: ExampleSearch): Promise<readonly FoundExample[]>;
  /** Adds examples, or replaces those with the same id. */
  upsert(examples: readonly Example[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Removes everything from the disk that comes from examples which are no longer in the index. */
  dropTraces?(): Promise<void>;
  close?(): Promise<void>;
};
