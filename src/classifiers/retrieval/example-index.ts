import type { LabelledTicket, Ticket } from '../../ticket/ticket.ts';
import type { Neighbour } from './label-spread.ts';

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
  /** Language of the ticket, null where it is not clear; detected from the text when left out. */
  readonly language?: string | null;
  /** Maximum number of results; `auto` chooses it by how far the labels of the nearest examples agree. */
  readonly k: number | 'auto';
  /** Maximum number of results with the same intent; `auto` goes with `k`. */
  readonly perIntent: number | 'auto';
  /** The least similarity in meaning. */
  readonly minSimilarity: number;
  /** The least share of common words, for what cannot be compared by meaning; there is a default. */
  readonly minCommonWords?: number;
  /** Only examples of these intents. */
  readonly intents?: ReadonlySet<string>;
  /** Ids that are never returned: the ticket itself and, in an evaluation, its variants. */
  readonly excludeIds?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
};

export type FoundExamples = {
  /** Most similar first. */
  readonly found: readonly FoundExample[];
  /** The labels of the nearest examples, nearest first, up to 30; also of those that were not chosen. */
  readonly neighbours: readonly Neighbour[];
  /** False where the embedder could not read the text, so that words alone were compared. */
  readonly byMeaning: boolean;
};

/** Finds the labelled tickets that are most similar to a text. */
export type ExampleIndex = {
  /** Changes whenever an example is added, changed or removed. */
  readonly version: string;
  search(search: ExampleSearch): Promise<FoundExamples>;
  /** Adds examples, or replaces those with the same id. */
  upsert(examples: readonly Example[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Removes everything from the disk that comes from examples which are no longer in the index. */
  dropTraces?(): Promise<void>;
  close?(): Promise<void>;
};
