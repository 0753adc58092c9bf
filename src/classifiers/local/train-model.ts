import type { JudgedAnswer } from '../calibration/precision-coverage.ts';
import { VectorScan } from '../retrieval/vector-scan.ts';
import { type ConfidenceModel, confidenceOf, type Evidence, evidenceOf, fitConfidence } from './confidence-model.ts';
import { heldOutSplits, leaveOutIntents } from './held-out.ts';
import { fitMix, mixScores, type PartScores } from './part-mix.ts';
import { fitParts, type LabelledText, type Parts, scoreParts } from './parts.ts';

/** The result of training: everything needed to score a text and to compute a confidence. */
export type LocalModel = MixWeights & {
  readonly intents: readonly string[];
  readonly parts: Parts;
  readonly confidence: ConfidenceModel | null;
  /** Answers on texts by a training without them; thresholds are computed from these. */
  readonly heldOut: readonly JudgedAnswer[];
};

export type MixWeights = {
  /** Weights of the parts: lexical, sentence, content. */
  readonly mixWeights: readonly number[];
  /** Weight of the lexical part for texts that the encoder cannot read, where it is the only one. */
  readonly lexicalWeight: number;
};

type JudgedCase = { readonly scores: PartScores; readonly nearness: number | null; readonly label: number };

export type TrainingProgress = (progress: { step: string; done: number; total: number }) => void;

/**
 * Start of the fit: the best values on all data sets that were tried. With few held-out cases the fit stays near it.
 */
const START_WEIGHTS = { lexical: 0.6, sentence: 0.4, content: 0.3 };
const START_LEXICAL = 1.2;

/** Trains on labelled texts and on the profiles of the intents. The same input gives the same model. */
export function trainModel(options: {
  examples: readonly LabelledText[];
  profiles: readonly LabelledText[];
  intents: readonly string[];
  onProgress: TrainingProgress;
}): LocalModel {
  const { examples, profiles, intents } = options;
  const splits = heldOutSplits(examples.length);
  const leftOut = splits.length === 0 ? null : leaveOutIntents(examples.map(({ label }) => label));
  const fits = splits.length + 1 + (leftOut === null ? 0 : 1);
  let fitsDone = 0;
  const fitTexts = (texts: readonly LabelledText[]): Parts => {
    const onProgress = (share: number) => {
      const done = Math.round((100 * (fitsDone + share)) / fits);
      options.onProgress({ step: 'training the embedded engine', done, total: 100 });
    };
    const parts = fitParts({ texts, classCount: intents.length, onProgress });
    fitsDone++;
    return parts;
  };

  const cases: JudgedCase[] = [];
  for (const heldOut of splits) {
    const training = examples.filter((_, i) => !heldOut.has(i));
    const parts = fitTexts([...training, ...profiles]);
    cases.push(
      ...judge(
        parts,
        training,
        [...heldOut].map((i) => examples[i]!),
      ),
    );
  }
  const labels = cases.map(({ label }) => label);
  const weights = fitWeights(cases);
  const mixed = cases.map(({ scores }) => mixParts(weights, scores));
  const best = mixed.map(indexOfHighest);
  const correct = best.map((k, i) => k === labels[i]);
  const evidence = mixed.map((scores, i) => evidenceOf(scores, cases[i]!.nearness));
  let outOfScope: Evidence[] = [];
  if (leftOut !== null) {
    const training = [...examples, ...profiles].filter(({ label }) => !leftOut.classes.has(label));
    const texts = leftOut.texts.map((i) => examples[i]!);
    outOfScope = judge(fitTexts(training), training, texts).map(({ scores, nearness }) =>
      evidenceOf(withoutClasses(mixParts(weights, scores), leftOut.classes), nearness),
    );
  }
  const confidence = fitConfidence({ evidence, correct, outOfScope });
  const heldOut = best.map((k, i) => ({
    intent: intents[k]!,
    confidence: confidenceOf(confidence, evidence[i]!),
    correct: correct[i]!,
  }));
  const parts = fitTexts([...examples, ...profiles]);
  return { intents, parts, ...weights, confidence, heldOut };
}

/** Scores texts that were not in the training, with the cosine to the nearest text that was. */
function judge(parts: Parts, training: readonly LabelledText[], texts: readonly LabelledText[]): JudgedCase[] {
  const nearness = nearnessTo(training);
  return texts.map((text) => ({ scores: scoreParts(parts, text), nearness: nearness(text), label: text.label }));
}

function nearnessTo(training: readonly LabelledText[]): (text: LabelledText) => number | null {
  const width = training.find(({ vectors }) => vectors !== null)?.vectors?.sentence.length;
  if (width === undefined) return () => null;
  const scan = new VectorScan(width);
  training.forEach(({ vectors }, i) => {
    if (vectors !== null) scan.put(i, vectors.sentence);
  });
  return ({ vectors }) => (vectors === null ? null : scan.highest(vectors.sentence));
}

/** Removes classes without texts: their scores stay near 0 and could otherwise be the highest. */
function withoutClasses(scores: Float64Array, classes: ReadonlySet<number>): Float64Array {
  return scores.filter((_, k) => !classes.has(k));
}

function fitWeights(cases: readonly JudgedCase[]): MixWeights {
  const { lexical, sentence, content } = START_WEIGHTS;
  const whole = cases.filter(({ scores }) => scores.length > 1);
  const mixWeights = fitMix({ cases: whole.map(({ scores }) => scores), labels: whole.map(({ label }) => label) }, [
    lexical,
    sentence,
    content,
  ]);
  const lexicalOnly = cases.map(({ scores }) => scores.slice(0, 1));
  const [lexicalWeight] = fitMix({ cases: lexicalOnly, labels: cases.map(({ label }) => label) }, [START_LEXICAL]);
  return { mixWeights, lexicalWeight: lexicalWeight ?? START_LEXICAL };
}

/** Mixes the scores of all parts that could read the text. The softmax of the result is a probability. */
export function mixParts({ mixWeights, lexicalWeight }: MixWeights, scores: PartScores): Float64Array {
  return mixScores(scores.length > 1 ? mixWeights : [lexicalWeight], scores);
}

export function indexOfHighest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
