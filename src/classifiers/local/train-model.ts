import { balancedWeights } from '../calibration/class-balance.ts';
import type { JudgedAnswer } from '../calibration/judged-answer.ts';
import type { StrangerAnswer } from '../calibration/thresholds.ts';
import { VectorScan } from '../retrieval/vector-scan.ts';
import { type ConfidenceModel, confidenceOf, type Evidence, evidenceOf, fitConfidence } from './confidence-model.ts';
import { heldOutSplits, leaveOutIntents } from './held-out.ts';
import { fitMix, mixScores, type PartScores } from './part-mix.ts';
import { fitParts, type LabelledText, type Parts, scoreParts } from './parts.ts';
import { vectorise } from './vectoriser.ts';

/** The result of training: everything needed to score a text and to compute a confidence. */
export type LocalModel = MixWeights & {
  readonly intents: readonly string[];
  readonly parts: Parts;
  readonly confidence: ConfidenceModel | null;
  /** Answers on texts by a training without them; thresholds are computed from these. */
  readonly heldOut: readonly (JudgedAnswer & { readonly expected: string })[];
  /** Answers on texts of intents that a training left out. */
  readonly strangers: readonly StrangerAnswer[];
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
  const exampleLabels = examples.map(({ label }) => label);
  const splits = heldOutSplits(exampleLabels);
  const leftOut = splits.length === 0 ? [] : leaveOutIntents(exampleLabels);
  const fits = splits.length + leftOut.length + 1;
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
  // Every intent counts the same: the mix of the examples is seldom the mix of the tickets, and a large intent would
  // otherwise set the confidence of the small ones.
  const caseWeights = balancedWeights(labels);
  const weights = fitWeights(cases, caseWeights);
  const mixed = cases.map(({ scores }) => mixParts(weights, scores));
  const best = mixed.map(indexOfHighest);
  const correct = best.map((k, i) => k === labels[i]);
  const evidence = mixed.map((scores, i) => evidenceOf(scores, cases[i]!.nearness));
  const strangers = leftOut.flatMap(({ classes, texts }) => {
    const training = [...examples, ...profiles].filter(({ label }) => !classes.has(label));
    const left = texts.map((i) => examples[i]!);
    return judge(fitTexts(training), training, left).map(({ scores, nearness, label }) => {
      const without = withoutClasses(mixParts(weights, scores), classes);
      return { best: indexOfHighest(without), evidence: evidenceOf(without, nearness), label };
    });
  });
  const confidence = fitConfidence({
    evidence,
    correct,
    weights: caseWeights,
    strangers: strangers.map((stranger) => stranger.evidence),
    strangerWeights: balancedWeights(strangers.map(({ label }) => label)),
  });
  const answerOf = (options: { best: number; label: number; evidence: Evidence }) => ({
    intent: intents[options.best]!,
    expected: intents[options.label]!,
    confidence: confidenceOf(confidence, options.evidence),
  });
  const heldOut = best.map((k, i) => ({
    ...answerOf({ best: k, label: labels[i]!, evidence: evidence[i]! }),
    correct: correct[i]!,
  }));
  const parts = fitTexts([...examples, ...profiles]);
  return { intents, parts, ...weights, confidence, heldOut, strangers: strangers.map(answerOf) };
}

/** Scores texts that were not in the training, with the cosine to the nearest text that was. */
function judge(parts: Parts, training: readonly LabelledText[], texts: readonly LabelledText[]): JudgedCase[] {
  const nearness = nearnessTo(training);
  return texts.map((text) => {
    const vector = vectorise(parts.vectoriser, text.features);
    return {
      scores: scoreParts(parts, { vector, vectors: text.vectors }),
      nearness: nearness(text),
      label: text.label,
    };
  });
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

/** Rules out classes without texts: their scores stay near 0 and could otherwise be the highest. */
function withoutClasses(scores: Float64Array, classes: ReadonlySet<number>): Float64Array {
  return scores.map((score, k) => (classes.has(k) ? Number.NEGATIVE_INFINITY : score));
}

function fitWeights(cases: readonly JudgedCase[], caseWeights: readonly number[]): MixWeights {
  const { lexical, sentence, content } = START_WEIGHTS;
  const fitChosen = (chosen: readonly (readonly [PartScores, number])[], start: readonly number[]) =>
    fitMix(
      {
        cases: chosen.map(([scores]) => scores),
        labels: chosen.map(([, i]) => cases[i]!.label),
        caseWeights: chosen.map(([, i]) => caseWeights[i]!),
      },
      start,
    );
  const all = cases.map(({ scores }, i) => [scores, i] as const);
  const whole = all.filter(([scores]) => scores.length > 1);
  const mixWeights = fitChosen(whole, [lexical, sentence, content]);
  const lexicalOnly = all.map(([scores, i]) => [scores.slice(0, 1), i] as const);
  const [lexicalWeight] = fitChosen(lexicalOnly, [START_LEXICAL]);
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
