import { ClassifierError } from '../../errors.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import type { FailureKind } from '../model-api/model-failure.ts';

/** A text with what an embedder may want to know of where it comes from. */
export type TextToEmbed = {
  readonly text: string;
  /** The ticket that the text is of: its language, and the people whose names must not leave the machine. */
  readonly ticket?: Ticket;
};

/** Turns texts into vectors whose cosine says how alike they are. */
export type Embedder = {
  /** Names model, width and treatment of the text: vectors of two ids are never compared with each other. */
  readonly id: string;
  readonly dimensions: number;
  /** So many texts are best handed to `embedDocuments` at once; what one call gave is kept before the next. */
  readonly batchSize: number;
  /** A vector of length 1 for each text, null for one that the model cannot read. Throws `EmbedderError`. */
  embedDocuments(texts: readonly TextToEmbed[], signal?: AbortSignal): Promise<readonly (Float32Array | null)[]>;
  /** The same for a text that is searched with. */
  embedQuery(text: TextToEmbed, signal?: AbortSignal): Promise<Float32Array | null>;
  close?(): Promise<void>;
};

/** An embedder could not answer. Searches then go by words alone. */
export class EmbedderError extends ClassifierError {
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** What went wrong at a service; null for an embedder on this machine. */
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

/** The vector with length 1; null for one of zeros, or with a number that is none. */
export function toUnitVector(values: ArrayLike<number>): Float32Array | null {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!;
  const length = Math.sqrt(squares);
  return length > 0 && Number.isFinite(length) ? Float32Array.from(values, (value) => value / length) : null;
}

/** Longest text that is embedded, in UTF-16 code units: about two pages. Of a longer one the beginning and the end. */
export const MAX_EMBEDDED_LENGTH = 12_000;

export function boundEmbeddedText(text: string): string {
  return embeddedParts(text).join('\n');
}

/** What is embedded of a text: all of it, or its beginning and its end. */
export function embeddedParts(text: string): readonly string[] {
  if (text.length <= MAX_EMBEDDED_LENGTH) return [text];
  const half = MAX_EMBEDDED_LENGTH / 2;
  return [text.slice(0, half).toWellFormed(), text.slice(-half).toWellFormed()];
}
