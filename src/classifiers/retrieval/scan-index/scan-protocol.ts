import type { LabelledTicket } from '../../../ticket/ticket.ts';

// Messages between the index on the main thread and the scan in its worker. Plain data only.

export type ScanSearch = {
  readonly text: string;
  readonly embedding: Float32Array | null;
  readonly k: number;
  readonly perIntent: number;
  readonly minSimilarity: number;
  readonly excludeIds: readonly string[];
};

export type ScanRequest =
  | { readonly call: 'put'; readonly examples: readonly (LabelledTicket & { intent: string })[] }
  | { readonly call: 'setEmbeddings'; readonly embeddings: readonly (readonly [id: string, Float32Array])[] }
  | { readonly call: 'remove'; readonly ids: readonly string[] }
  | { readonly call: 'search'; readonly search: ScanSearch };

export type ScanReply = {
  /** Version of the examples after the call. */
  readonly version: string;
  readonly found: readonly { readonly id: string; readonly similarity: number }[];
};

export type ScanQuestion = { readonly number: number; readonly request: ScanRequest };
export type ScanAnswer =
  | { readonly number: number; readonly reply: ScanReply }
  | { readonly number: number; readonly error: string };
