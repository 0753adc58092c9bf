import { type CurvePoint, type JudgedAnswer, precisionCoverageCurve } from '../calibration/precision-coverage.ts';
import { fitTemperature } from '../calibration/temperature.ts';
import { createRandom, shuffle } from './random.ts';
import { fitSoftmaxRegression, type SoftmaxRegression, scoreSparse, softmaxAt } from './softmax-regression.ts';
import { extractFeatures, type TextFeatures, tokenise } from './text-features.ts';
import { type IntentProfile, profileRows, type TrainingRow } from './training-data.ts';
import { fitVectoriser, type Vectoriser, vectorise } from './vectoriser.ts';

/** What training gives: all that is needed to score a text. */
export type LocalModel = {
  readonly intents: readonly string[];
  readonly vectoriser: Vectoriser;
  readonly lexical: SoftmaxRegression;
  readonly temperature: number;
  /** Answers on texts that were held out of the training that judged them; thresholds follow from these. */
  readonly heldOut: readonly JudgedAnswer[];
};

export type TrainingProgress = (progress: { step: string; done: number; total: number }) => void;

/** Below this many examples every text is held out once (5 folds); above, one tenth is held out. */
const FOLDS_BELOW = 1_500;
const FOLDS = 5;
const HOLD_OUT_SHARE = 0.1;
/** How many examples the name, description and includes of an intent count for. */
export const PROFILE_WEIGHT = 1;

const LEARNING_RATE = 2;
const L2 = 1e-6;
const EPOCHS = 20;
const EPOCHS_WHEN_SMALL = 40;

type Row = TrainingRow & { readonly features: TextFeatures };
type Fitted = Pick<LocalModel, 'vectoriser' | 'lexical'>;

/** Trains on labelled texts and the profiles of the intents; the same input gives the same model. */
export function trainModel(options: {
  examples: readonly TrainingRow[];
  profiles: readonly IntentProfile[];
  onProgress: TrainingProgress;
}): LocalModel {
  const { profiles, onProgress } = options;
  const withFeatures = (row: TrainingRow): Row => ({ ...row, features: extractFeatures(tokenise(row.text)) });
  const examples = options.examples.map(withFeatures);
  const described = profileRows(profiles, PROFILE_WEIGHT).map(withFeatures);
  const intents = profiles.map(({ id }) => id);
  const splits = heldOutSplits(examples.length);
  const epochsEach = epochsFor(examples.length + described.length);
  const total = epochsEach * (splits.length + 1);
  let done = 0;
  const onEpoch = () => onProgress({ step: 'training the embedded engine', done: ++done, total });

  const scores: Float64Array[] = [];
  const labels: number[] = [];
  for (const heldOut of splits) {
    const training = examples.filter((_, i) => !heldOut.has(i));
    const fitted = fitModel([...training, ...described], intents.length, epochsEach, onEpoch);
    for (const i of heldOut) {
      const row = examples[i]!;
      scores.push(scoreFeatures(fitted, row.features));
      labels.push(row.label);
    }
  }
  const temperature = fitTemperature({ scores, labels });
  const heldOut = scores.map((row, i) => judge(softmaxAt(row, temperature), labels[i]!, intents));
  const fitted = fitModel([...examples, ...described], intents.length, epochsEach, onEpoch);
  return { intents, ...fitted, temperature, heldOut };
}

/** Unnormalised log-probabilities of the leaves. */
export function scoreFeatures(model: Fitted, features: TextFeatures): Float64Array {
  return scoreSparse(model.lexical, vectorise(model.vectoriser, features));
}

export function heldOutCurve(model: LocalModel): CurvePoint[] {
  return precisionCoverageCurve(model.heldOut);
}

function fitModel(rows: readonly Row[], classCount: number, epochs: number, onEpoch: () => void): Fitted {
  const vectoriser = fitVectoriser(rows.map((row) => row.features));
  const lexical = fitSoftmaxRegression(
    {
      vectors: rows.map((row) => vectorise(vectoriser, row.features)),
      labels: rows.map((row) => row.label),
      sampleWeights: rows.map((row) => row.weight),
      featureCount: vectoriser.featureCount,
      classCount,
    },
    { epochs, learningRate: LEARNING_RATE, l2: L2, seed: 1, onEpoch },
  );
  return { vectoriser, lexical };
}

const epochsFor = (rowCount: number) => (rowCount < FOLDS_BELOW ? EPOCHS_WHEN_SMALL : EPOCHS);

/** Sets of indices to hold out, in a fixed random order. */
function heldOutSplits(count: number): Set<number>[] {
  if (count < FOLDS) return [];
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  shuffle(order, createRandom(7));
  if (count >= FOLDS_BELOW) return [new Set(order.subarray(0, Math.round(count * HOLD_OUT_SHARE)))];
  return Array.from({ length: FOLDS }, (_, fold) => new Set(order.filter((_, i) => i % FOLDS === fold)));
}

function judge(probabilities: Float64Array, label: number, intents: readonly string[]): JudgedAnswer {
  const best = indexOfHighest(probabilities);
  return { intent: intents[best]!, confidence: probabilities[best]!, correct: best === label };
}

export function indexOfHighest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
