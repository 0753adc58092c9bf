import type { EncoderModel } from '../encoder/weights.ts';
import type { TextVectors } from '../parts.ts';

// Messages between the engine's thread and the encoder's. Plain data only.

/** What the encoder's thread is started with. */
export type EncoderStart = {
  /** The model that another thread of this process has loaded; with null this thread loads it. */
  readonly model: EncoderModel | null;
};

export type EncoderRequest = {
  readonly id: number;
  readonly texts: readonly string[];
  /** Somebody waits for these: they come before what does not hurry, such as the examples of a training. */
  readonly isUrgent: boolean;
};

export type EncoderMessage =
  | { readonly kind: 'ready'; readonly encoderId: string; readonly model: EncoderModel }
  | { readonly kind: 'unusable'; readonly message: string }
  | { readonly kind: 'vectors'; readonly id: number; readonly vectors: readonly TextVectors[] }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string };
