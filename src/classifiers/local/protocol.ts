import type { MessagePort } from 'node:worker_threads';
import type { Saying } from '../../base/say.ts';
import type { LabelledTicket, Ticket } from '../../ticket/ticket.ts';
import type { ConfidenceTarget } from '../calibration/confidence-target.ts';
import type { RankedIntent } from '../classifier.ts';
import type { AnswerRecord } from '../opinion.ts';
import type { ExampleSearch } from '../retrieval/example-index.ts';
import type { EncoderModel } from './encoder/weights.ts';
import type { NamedExample } from './reasoning.ts';
import type { IntentProfile } from './training-data.ts';

// Messages between the client on the main thread and the engine in its worker, or its search thread. Plain data only.

/** An example for the engine. */
export type TaughtExample = {
  readonly example: LabelledTicket;
  /** Whether its words may be shown to others; true only for examples of the company's own files. */
  readonly quotable: boolean;
};

export type OpenRequest = {
  readonly taxonomyVersion: string;
  readonly intents: readonly IntentProfile[];
  readonly cacheDir: string | null;
  /** Whether models are shared with other processes, through the main thread. */
  readonly sharesModels: boolean;
  /** Whether sentences are encoded; if not, the engine uses words alone. */
  readonly useEncoder: boolean;
  /** The model that another thread of this process has loaded; with null this thread loads it and posts it. */
  readonly encoderModel: EncoderModel | null;
  readonly confidence: ConfidenceTarget;
  /** On which the search thread gets `search` and `encode`, so that they do not wait for what the engine's thread does. */
  readonly searchPort: MessagePort | null;
};

/** The state of the engine. */
export type EngineState = {
  readonly examplesVersion: string;
  readonly thresholdsVersion: string;
  readonly exampleCount: number;
  /** Answers of trainings to the examples that they left out; null where none was left out. */
  readonly heldOut: AnswerRecord | null;
  readonly modelName: string;
  /** Names the sentence encoder and how much of a text it reads; null when none is used. */
  readonly encoderId: string | null;
  /** Why the newest examples could not be learned, and since when (ISO 8601); null without a failure. */
  readonly trainingFailure: { readonly why: string; readonly since: string } | null;
};

/** The engine's answer, which the client maps to a `Classification`. */
export type EngineAnswer = {
  readonly intent: string;
  readonly confidence: number;
  /** The held-out answers of about this confidence. */
  readonly record: AnswerRecord;
  /** The confidence that this intent needs. */
  readonly threshold: number;
  readonly abstainReason: Saying | null;
  /** True where one of the company's own examples has the same words and this intent, and no example contradicts. */
  readonly isExample: boolean;
  /** True when the ticket is like no example, so that no calibration applies to it. */
  readonly isUnfamiliar: boolean;
  readonly decidingWords: readonly string[];
  readonly runnersUp: readonly RankedIntent[];
  /** Of all intents, nearest first. */
  readonly nearest: readonly NamedExample[];
  readonly language: string | null;
  readonly state: EngineState;
};

/** A text for the sentence encoder. The language is null where it is not clear, and detected when it is left out. */
export type TextToEncode = { readonly text: string; readonly language?: string | null };

/** The parts of an `ExampleSearch` that a thread needs. */
export type IndexSearch = Omit<ExampleSearch, 'ticket' | 'signal'>;

export type IndexFound = {
  readonly found: readonly { readonly id: string; readonly similarity: number }[];
  /** The intents of the neighbours: a string is copied between threads in less time than an object. */
  readonly neighbours: readonly string[];
  readonly byMeaning: boolean;
};

/** Every call of the engine, with its input and output. */
export type EngineCalls = {
  /** First call. */
  open: { input: OpenRequest; output: null };
  /** Adds examples in small batches, so that a large copy blocks neither thread. */
  add: { input: { readonly examples: readonly TaughtExample[] }; output: null };
  /** After the last batch of `add`: loads the cached model or trains one. */
  start: { input: null; output: EngineState };
  /** The reply to `model-wanted`. With null the engine trains the model and posts `model-trained`. */
  model: { input: { readonly key: string; readonly bytes: ArrayBuffer | null }; output: null };
  classify: { input: { readonly ticket: Ticket }; output: EngineAnswer };
  search: { input: IndexSearch; output: IndexFound };
  /** Sentence vectors, null for texts in languages that the encoder does not read. */
  encode: {
    input: { readonly texts: readonly TextToEncode[] };
    output: readonly (Float32Array | null)[];
  };
  upsert: { input: { readonly examples: readonly TaughtExample[] }; output: EngineState };
  remove: { input: { readonly ids: readonly string[] }; output: EngineState };
  /** Answered when the regression has learned every example that was present at the call. */
  settle: { input: null; output: EngineState };
  /** Answered with the key of the current model when nothing of removed examples is left on the disk. */
  dropTraces: { input: null; output: { readonly key: string } };
};
export type EngineCall = keyof EngineCalls;

export type EngineRequest = {
  [Call in EngineCall]: { readonly id: number; readonly call: Call; readonly input: EngineCalls[Call]['input'] };
}[EngineCall];

export type EngineCallAnswer = { readonly id: number; readonly output: unknown };

export type EngineMessage =
  /** The output of each call that was done in one turn, as one message. */
  | { readonly kind: 'answers'; readonly answers: readonly EngineCallAnswer[] }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly kind: 'progress'; readonly step: string; readonly done: number; readonly total: number | null }
  | { readonly kind: 'state'; readonly state: EngineState }
  | { readonly kind: 'encoder-loaded'; readonly model: EncoderModel }
  /** The process that trains; null when it has ended. It must not outlive the engine. */
  | { readonly kind: 'trainer'; readonly pid: number | null }
  | { readonly kind: 'model-wanted'; readonly key: string }
  /** `bytes` is null when training failed. */
  | { readonly kind: 'model-trained'; readonly key: string; readonly bytes: ArrayBuffer | null };
