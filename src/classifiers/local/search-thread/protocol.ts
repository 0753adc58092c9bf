import type { MessagePort } from 'node:worker_threads';
import type { ScannedExample } from '../../retrieval/exact-scan.ts';
import type { EncoderModel } from '../encoder/weights.ts';
import type { TextVectors } from '../parts.ts';
import type { EngineCalls } from '../protocol.ts';

// Messages between the engine's thread and the one that reads texts and searches. Plain data only. The main thread sends its
// searches on a port of its own, as an `EngineRequest`.

/** What the engine wants to know about a ticket. */
export type TextQuery = {
  readonly text: string;
  readonly language: string | null;
  readonly k: number;
  readonly perIntent: number;
  /** The least similarity, in meaning or in words. */
  readonly minSimilarity: number;
};

export type TextFound = {
  /** Null without an encoder, and for a language that it does not read. */
  readonly vectors: TextVectors | null;
  /** Nearest first. */
  readonly nearest: readonly { readonly id: string; readonly similarity: number }[];
  /** Highest cosine to any example; null without vectors. */
  readonly highestCosine: number | null;
};

/** Vectors of examples, one after the other in one array. */
export type ExampleVectors = {
  readonly ids: readonly string[];
  readonly vectors: Float32Array<ArrayBuffer>;
  /** Leaves out examples that have a vector. */
  readonly onlyMissing: boolean;
};

export type SearchCalls = {
  /** First call: the port on which the main thread sends its searches. */
  open: { input: { readonly port: MessagePort | null }; output: null };
  /** Starts the encoder. The model is that of another thread of this process; with null it is loaded. */
  startEncoder: {
    input: { readonly model: EncoderModel | null };
    output: { readonly id: string; readonly model: EncoderModel };
  };
  put: { input: { readonly examples: readonly ScannedExample[] }; output: null };
  remove: { input: { readonly ids: readonly string[] }; output: null };
  setVectors: { input: ExampleVectors; output: null };
  /** The vectors of many texts that can wait. */
  readMany: { input: { readonly texts: readonly string[] }; output: readonly TextVectors[] };
  find: { input: TextQuery; output: TextFound };
  search: EngineCalls['search'];
  encode: EngineCalls['encode'];
};
export type SearchCall = keyof SearchCalls;

export type SearchRequest = {
  [Call in SearchCall]: { readonly id: number; readonly call: Call; readonly input: SearchCalls[Call]['input'] };
}[SearchCall];

export type SearchMessage =
  | { readonly kind: 'answers'; readonly answers: readonly { readonly id: number; readonly output: unknown }[] }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string };
