import type { OnProgress } from '../../base/progress.ts';
import type { Calibrations } from '../../classifiers/calibration/calibrations.ts';
import type { ConfidenceTarget } from '../../classifiers/calibration/confidence-target.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { askLocal, withVectorFolder } from '../dataset/ask-local.ts';
import { splitDataset } from '../dataset/split-dataset.ts';
import { shuffled } from '../metrics/seeded-random.ts';
import { type Interval, wilsonInterval } from '../metrics/wilson-interval.ts';

export type LearningPoint = { readonly examples: number; readonly accuracy: Interval };

export type LearningCurve = {
  readonly points: readonly LearningPoint[];
  /** Answers to unseen tickets by the engine that learned from most examples. */
  readonly heldOut: readonly HeldOut[];
  /** Accuracy gained by the last doubling of the examples; null with a single point. */
  readonly lastDoubling: number | null;
};

export type HeldOut = {
  readonly correct: boolean;
  readonly abstained: boolean;
  /** The ticket fits no intent, so that no answer to it is right. */
  readonly isOutside: boolean;
};

/** What the engine learns, and the tickets that it is asked about. */
export type CurveTickets = { readonly learned: readonly Example[]; readonly asked: readonly LabelledTicket[] };

const SHARES = [1 / 8, 1 / 4, 1 / 2, 1] as const;
const TEST_SHARE = 0.25;
/** Limits the time on large sets: more examples take longer to train, and the curve is flat long before this. */
const MAX_TICKETS = 8_000;
const MAX_ASKED = 1_500;
const MIN_EXAMPLES = 10;

/** Holds out a quarter of the tickets, those that fit no intent as well. */
export function holdOut(labelled: readonly LabelledTicket[], seed: number): CurveTickets {
  const tickets = shuffled([...labelled], seed).slice(0, MAX_TICKETS);
  const { train, test } = splitDataset({ tickets, testShare: TEST_SHARE, seed });
  return { learned: train.filter(isExample), asked: test };
}

const isExample = (ticket: LabelledTicket): ticket is Example => ticket.intent !== null;

/** Measures the accuracy of the embedded engine after training on an eighth, a quarter, half and all of the examples. */
export async function learningCurve(options: {
  readonly tickets: CurveTickets;
  readonly taxonomy: Taxonomy;
  readonly confidence: ConfidenceTarget;
  readonly embedder: 'embedded' | 'none';
  readonly calibrations: Calibrations;
  readonly seed: number;
  readonly onProgress?: OnProgress;
}): Promise<LearningCurve> {
  const { tickets, seed, ...engine } = options;
  const asked = shuffled([...tickets.asked], seed).slice(0, MAX_ASKED);
  const learnable = shuffled([...tickets.learned], seed).slice(0, MAX_TICKETS);
  const points: LearningPoint[] = [];
  let heldOut: LearningCurve['heldOut'] = [];
  await withVectorFolder(async (cacheDir) => {
    for (const [i, share] of SHARES.entries()) {
      const examples = learnable.slice(0, Math.round(learnable.length * share));
      if (examples.length < MIN_EXAMPLES) continue;
      const step = `Learning curve, point ${i + 1} of ${SHARES.length}`;
      const answers = await askLocal({ ...engine, examples, asked, cacheDir, step });
      heldOut = answers.map(({ ticket, predicted, abstained }) => ({
        abstained,
        correct: ticket.intent !== null && predicted === ticket.intent,
        isOutside: ticket.intent === null,
      }));
      const inScope = heldOut.filter(({ isOutside }) => !isOutside);
      const successes = inScope.filter(({ correct }) => correct).length;
      const accuracy = wilsonInterval({ successes, count: inScope.length });
      if (accuracy !== null) points.push({ examples: examples.length, accuracy });
    }
  });
  const [before, last] = points.slice(-2);
  const lastDoubling = before === undefined || last === undefined ? null : last.accuracy.value - before.accuracy.value;
  return { points, heldOut, lastDoubling };
}
