import { ClassifierError } from '../../errors.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import type { FailureKind } from '../model-api/model-failure.ts';

/** A text, with the ticket that it comes from. */
export type TextToEmbed = {
  readonly text: string;
  /** Gives redaction the language and the people whose names must not leave the machine. */
  readonly ticket?: Ticket;
  /** Null where it is not clear; the one that the ticket states, or the detected one, when left out. */
  readonly language?: string | null;
};

/** Maps texts to vectors whose cosine measures how similar they are. */
export type Embedder = {
  /** Names model, width and preparation of the text. Vectors of embedders with different ids are never compared. */
  readonly id: string;
  readonly dimensions: number;
  /** The number of texts that `embedDocuments` should get at once; callers store the result before the next call. */
  readonly batchSize: number;
  /** Returns a vector of length 1 for each text, null for a text that the model cannot read. Throws `EmbedderError`. */
  embedDocuments(texts: readonly TextToEmbed[], signal?: AbortSignal): Promise<readonly (Float32Array | null)[]>;
  /** The same for the text of a search. */
  embedQuery(text: TextToEmbed, signal?: AbortSignal): Promise<Float32Array | null>;
  close?(): Promise<void>;
};

/** Thrown when an embedder fails. Searches then use words alone. */
export class EmbedderError extends ClassifierError {
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** The kind of failure at a service; null for an embedder on this machine. */
  readonly kind: FailureKind | null;

  constructor(options: {
    embedder: string;
    status?: number | null;
    kind?: FailureKind;
    retryable: boolean;
    message: string;
    cause?: unknown;
  }) {
    const { embedder, retryable, message, cause } = options;
    super({ classifier: embedder, retryable, message, cause });
    this.status = options.status ?? null;
    this.kind = options.kind ?? null;
  }
}

/** Scales a vector to length 1; null for a vector of zeros or with a number that is not finite. */
export function toUnitVector(values: ArrayLike<number>): Float32Array | null {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!;
  const length = Math.sqrt(squares);
  return length > 0 && Number.isFinite(length) ? Float32Array.from(values, (value) => value / length) : null;
}

/** Longest text that is embedded whole, in UTF-16 code units: a few pages. */
export const MAX_EMBEDDED_LENGTH = 12_000;

export function boundEmbeddedText(text: string): string {
  return embeddedParts(text).join('\n');
}

/** The parts of a text that are embedded: the whole text, or the beginning and the end of a long one. */
export function embeddedParts(text: string): readonly string[] {
  if (text.length <= MAX_EMBEDDED_LENGTH) return [text];
  const half = MAX_EMBEDDED_LENGTH / 2;
  return [text.slice(0, half).toWellFormed(), text.slice(-half).toWellFormed()];
}
