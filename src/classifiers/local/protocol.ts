import type { LabelledTicket, Ticket } from '../../ticket/ticket.ts';
import type { ConfidenceTarget } from '../calibration/confidence-target.ts';
import type { NearestExample, RankedIntent } from '../classifier.ts';
import type { EncoderModel } from './encoder/weights.ts';
import type { IntentProfile } from './training-data.ts';

// What passes between the client on the main thread and the engine in its worker. Plain data only.

/** An example as the engine is given it. */
export type TaughtExample = {
  readonly example: LabelledTicket;
  /** Whether its words may be shown to others: true for the company's own files only. */
  readonly quotable: boolean;
};

export type OpenRequest = {
  readonly taxonomyVersion: string;
  readonly intents: readonly IntentProfile[];
  readonly cacheDir: string | null;
  /** Whether the main thread may know of models that other processes have trained. */
  readonly sharesModels: boolean;
  /** Whether sentences are encoded; without, the engine goes by words alone. */
  readonly useEncoder: boolean;
  /** What another thread of this process has loaded; null: this one loads it and hands it on. */
  readonly encoderModel: EncoderModel | null;
  readonly confidence: ConfidenceTarget;
};

/** What the engine knows about itself after training. */
export type EngineState = {
  readonly examplesVersion: string;
  readonly thresholdsVersion: string;
  readonly exampleCount: number;
  readonly modelName: string;
  /** Names the sentence encoder and how much of a text it reads; null when none is used. */
  readonly encoderId: string | null;
  /** Why the regression does not know the newest examples, and since when (ISO 8601); null when all is well. */
  readonly trainingFailure: { readonly why: string; readonly since: string } | null;
};

/** The engine's answer, before the client dresses it as a `Classification`. */
export type EngineAnswer = {
  readonly intent: string;
  readonly confidence: number;
  /** Confidence needed for this intent. */
  readonly threshold: number;
  readonly abstainReason: string | null;
  /** True when the ticket is of a kind that the examples say nothing about, so that no calibration holds for it. */
  readonly isStrange: boolean;
  readonly reasoning: string;
  readonly decidingWords: readonly string[];
  readonly runnersUp: readonly RankedIntent[];
  readonly nearestExamples: readonly NearestExample[];
  readonly language: string | null;
  readonly state: EngineState;
};

/** A text for the sentence encoder; the language is detected when it is null. */
export type TextToEncode = { readonly text: string; readonly language: string | null };

export type IndexSearch = {
  readonly text: string;
  readonly k: number;
  readonly perIntent: number;
  readonly minSimilarity: number;
  readonly excludeIds: readonly string[];
};

/** Every call that the engine knows: what goes in, what comes back. */
export type EngineCalls = {
  /** First call. */
  open: { input: OpenRequest; output: null };
  /** Examples in small batches, so that neither thread is held up by a large copy. */
  add: { input: { readonly examples: readonly TaughtExample[] }; output: null };
  /** After the last batch: loads the cached model or trains one. */
  start: { input: null; output: EngineState };
  /** What the main thread found after `model-wanted`; null: train it, and report with `model-trained`. */
  model: { input: { readonly key: string; readonly bytes: ArrayBuffer | null }; output: null };
  classify: { input: { readonly ticket: Ticket }; output: EngineAnswer };
  search: { input: IndexSearch; output: readonly { readonly id: string; readonly similarity: number }[] };
  /** Sentence vectors, null for texts in languages that the encoder does not read. */
  encode: {
    input: { readonly texts: readonly TextToEncode[] };
    output: readonly (Float32Array | null)[];
  };
  upsert: { input: { readonly examples: readonly TaughtExample[] }; output: EngineState };
  remove: { input: { readonly ids: readonly string[] }; output: EngineState };
  /** Returns once the regression knows every example that was there at the call. */
  settle: { input: null; output: EngineState };
  /** Answers once nothing is on the disk of examples that were removed before it was asked, with the key of its model. */
  dropTraces: { input: null; output: { readonly key: string } };
};
export type EngineCall = keyof EngineCalls;

export type EngineRequest = {
  [Call in EngineCall]: { readonly id: number; readonly call: Call; readonly input: EngineCalls[Call]['input'] };
}[EngineCall];

export type EngineMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly kind: 'progress'; readonly step: string; readonly done: number; readonly total: number | null }
  | { readonly kind: 'state'; readonly state: EngineState }
  | { readonly kind: 'encoder-loaded'; readonly model: EncoderModel }
  | { readonly kind: 'model-wanted'; readonly key: string }
  /** `bytes` is null when training failed. */
  | { readonly kind: 'model-trained'; readonly key: string; readonly bytes: ArrayBuffer | null };
