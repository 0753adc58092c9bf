import type { JudgedAnswer } from '../calibration/precision-coverage.ts';
import { VectorScan } from '../retrieval/vector-scan.ts';
import { type ConfidenceModel, confidenceOf, type Evidence, evidenceOf, fitConfidence } from './confidence-model.ts';
import { heldOutSplits, strangeIntents } from './held-out.ts';
import { fitMix, mixScores, type PartScores } from './part-mix.ts';
import { fitParts, type LabelledText, type Parts, scoreParts } from './parts.ts';

/** What training gives: all that is needed to score a text and to say how sure that score is. */
export type LocalModel = MixWeights & {
  readonly intents: readonly string[];
  readonly parts: Parts;
  readonly confidence: ConfidenceModel | null;
  /** Answers on texts that were held out of the training that judged them; thresholds follow from these. */
  readonly heldOut: readonly JudgedAnswer[];
};

export type MixWeights = {
  /** How much each part counts: lexical, sentence, content. */
  readonly mixWeights: readonly number[];
  /** The same for texts that the encoder cannot read: the lexical part alone. */
  readonly lexicalWeight: number;
};

type JudgedCase = { readonly scores: PartScores; readonly nearness: number | null; readonly label: number };

export type TrainingProgress = (progress: { step: string; done: number; total: number }) => void;

/** Start of the fit: what served best on all sets at hand; with few held-out cases the fit stays near it. */
const START_WEIGHTS = { lexical: 0.6, sentence: 0.4, content: 0.3 };
const START_LEXICAL = 1.2;

/** Trains on labelled texts and the profiles of the intents; the same input gives the same model. */
export function trainModel(options: {
  examples: readonly LabelledText[];
  profiles: readonly LabelledText[];
  intents: readonly string[];
  onProgress: TrainingProgress;
}): LocalModel {
  const { examples, profiles, intents } = options;
  const splits = heldOutSplits(examples.length);
  const strange = splits.length === 0 ? null : strangeIntents(examples.map(({ label }) => label));
  const fits = splits.length + 1 + (strange === null ? 0 : 1);
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
  let strangers: Evidence[] = [];
  if (strange !== null) {
    const training = [...examples, ...profiles].filter(({ label }) => !strange.classes.has(label));
    const texts = strange.texts.map((i) => examples[i]!);
    strangers = judge(fitTexts(training), training, texts).map(({ scores, nearness }) =>
      evidenceOf(withoutClasses(mixParts(weights, scores), strange.classes), nearness),
    );
  }
  const confidence = fitConfidence({ evidence, correct, strangers });
  const heldOut = best.map((k, i) => ({
    intent: intents[k]!,
    confidence: confidenceOf(confidence, evidence[i]!),
    correct: correct[i]!,
  }));
  const parts = fitTexts([...examples, ...profiles]);
  return { intents, parts, ...weights, confidence, heldOut };
}

/** Scores texts that were not trained on, with the cosine to the nearest that was. */
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

/** A class without a single text keeps a score of about 0, which must not win. */
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

/** The scores of all parts that could read the text as one; their softmax is a probability. */
export function mixParts({ mixWeights, lexicalWeight }: MixWeights, scores: PartScores): Float64Array {
  return mixScores(scores.length > 1 ? mixWeights : [lexicalWeight], scores);
}

export function indexOfHighest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
