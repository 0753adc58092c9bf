import type { Classifier, ClassifyRequest, RankedIntent } from './classifier.ts';

/** Answers to tickets that an engine had not seen, and how many of them were right. */
export type AnswerRecord = { readonly right: number; readonly of: number };

/** What the embedded engine thinks of a ticket, as evidence for another engine. */
export type Opinion = {
  /** The most likely intents with calibrated probabilities, the likeliest first. */
  readonly intents: readonly RankedIntent[];
  /** Its held-out answers of about that confidence. */
  readonly record: AnswerRecord;
};

/** The embedded engine as a source of opinions. */
export type OpinionSource = {
  /** All its held-out answers; null where it has none. */
  readonly heldOut: AnswerRecord | null;
  /** Null where it does not know the desk, or the ticket, well enough for an opinion. */
  opinionOf(request: ClassifyRequest): Promise<Opinion | null>;
};

/** The embedded engine, as other engines use it. */
export type EmbeddedEngine = Classifier & OpinionSource;
