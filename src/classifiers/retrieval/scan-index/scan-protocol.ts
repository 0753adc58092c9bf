import type { LabelledTicket } from '../../../ticket/ticket.ts';
import type { ScanQuery } from '../exact-scan.ts';
import type { Neighbour } from '../label-spread.ts';

// Messages between the index on the main thread and the scan in its worker. Plain data only.

/** The language is detected when it is left out. */
export type ScanSearch = Omit<ScanQuery, 'language'> & Partial<Pick<ScanQuery, 'language'>>;

export type ScanRequest =
  | { readonly call: 'put'; readonly examples: readonly (LabelledTicket & { intent: string })[] }
  | { readonly call: 'setEmbeddings'; readonly embeddings: readonly (readonly [id: string, Float32Array])[] }
  | { readonly call: 'remove'; readonly ids: readonly string[] }
  | { readonly call: 'search'; readonly search: ScanSearch };

export type ScanReply = {
  /** Version of the examples after the call. */
  readonly version: string;
  readonly found: readonly { readonly id: string; readonly similarity: number }[];
  readonly neighbours: readonly Neighbour[];
};

export type ScanQuestion = { readonly number: number; readonly request: ScanRequest };
export type ScanAnswer =
  | { readonly number: number; readonly reply: ScanReply }
  | { readonly number: number; readonly error: string };
