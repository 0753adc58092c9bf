import { type DenseRegression, fitDenseRegression, scoreDense } from './dense-regression.ts';
import type { PartScores } from './part-mix.ts';
import { fitSoftmaxRegression, type SoftmaxRegression, scoreSparse } from './softmax-regression.ts';
import type { SparseVector } from './sparse-vector.ts';
import type { TextFeatures } from './text-features.ts';
import { fitVectoriser, type Vectoriser, vectorise } from './vectoriser.ts';

/** The two vectors of a text, each of length 1 (encoder/encoder.ts). */
export type TextVectors = { readonly sentence: Float32Array; readonly content: Float32Array };

/** A text as the parts use it; `vectors` is null when no encoder reads its language. */
export type ReadText = { readonly features: TextFeatures; readonly vectors: TextVectors | null };
export type LabelledText = ReadText & { readonly label: number; readonly weight: number };

/** The trained parts of the engine. `dense` is null when no text had vectors. */
export type Parts = {
  readonly vectoriser: Vectoriser;
  readonly lexical: SoftmaxRegression;
  readonly dense: { readonly sentence: DenseRegression; readonly content: DenseRegression } | null;
};

/** With fewer texts, training makes more passes over them. */
const SMALL_SET = 1_500;
// Chosen on held-out training texts of banking77 and clinc150, never on their test sets.
const lexicalSettings = { learningRate: 2, l2: 1e-6, seed: 1 };
const denseSettings = { learningRate: 0.5, l2: 1e-5, seed: 1 };
const LEXICAL_EPOCHS = { small: 40, large: 20 };
const DENSE_EPOCHS = { small: 30, large: 15 };

/** Fits every part. `onProgress` is called with the share that is done, from 0 to 1. */
export function fitParts(options: {
  texts: readonly LabelledText[];
  classCount: number;
  onProgress: (share: number) => void;
}): Parts {
  const { texts, classCount, onProgress } = options;
  const size = texts.length < SMALL_SET ? 'small' : 'large';
  const labels = texts.map(({ label }) => label);
  const sampleWeights = texts.map(({ weight }) => weight);
  const epochs = LEXICAL_EPOCHS[size];
  const vectoriser = fitVectoriser(texts.map(({ features }) => features));
  const vectors = texts.map(({ features }) => vectorise(vectoriser, features));
  const lexical = fitSoftmaxRegression(
    { vectors, labels, sampleWeights, featureCount: vectoriser.featureCount, classCount },
    { ...lexicalSettings, epochs, onEpoch: (epoch) => onProgress((0.7 * epoch) / epochs) },
  );
  const readable = texts.flatMap(({ vectors, label, weight }) =>
    vectors === null ? [] : [{ vectors, label, weight }],
  );
  const dense = (name: keyof TextVectors) =>
    fitDenseRegression(
      {
        vectors: readable.map(({ vectors: own }) => own[name]),
        labels: readable.map(({ label }) => label),
        sampleWeights: readable.map(({ weight }) => weight),
        width: readable[0]!.vectors[name].length,
        classCount,
      },
      { ...denseSettings, epochs: DENSE_EPOCHS[size] },
    );
  if (readable.length === 0) return { vectoriser, lexical, dense: null };
  const sentence = dense('sentence');
  onProgress(0.85);
  const content = dense('content');
  onProgress(1);
  return { vectoriser, lexical, dense: { sentence, content } };
}

/**
 * The scores of a text by each part (`vector` is its `vectorise`d features), in the order of `mixWeights`: lexical, then sentence and content where present.
 */
export function scoreParts(
  parts: Parts,
  text: { readonly vector: SparseVector; readonly vectors: TextVectors | null },
): PartScores {
  const lexical = scoreSparse(parts.lexical, text.vector);
  if (parts.dense === null || text.vectors === null) return [lexical];
  return [
    lexical,
    scoreDense(parts.dense.sentence, text.vectors.sentence),
    scoreDense(parts.dense.content, text.vectors.content),
  ];
}
