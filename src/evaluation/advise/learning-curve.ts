import type { OnProgress } from '../../base/progress.ts';
import type { ConfidenceTarget } from '../../classifiers/calibration/confidence-target.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { askLocal, withVectorFolder } from '../dataset/ask-local.ts';
import { splitDataset } from '../dataset/split-dataset.ts';
import { shuffled } from '../metrics/seeded-random.ts';
import { type Interval, wilsonInterval } from '../metrics/wilson-interval.ts';

export type LearningPoint = { readonly examples: number; readonly accuracy: Interval };

export type LearningCurve = {
  readonly points: readonly LearningPoint[];
  /** Answers to unseen tickets by the engine that learned from most examples. */
  readonly heldOut: readonly { readonly correct: boolean; readonly abstained: boolean }[];
  /** Accuracy gained by the last doubling of the examples; null with a single point. */
  readonly lastDoubling: number | null;
};

const SHARES = [1 / 8, 1 / 4, 1 / 2, 1] as const;
const TEST_SHARE = 0.25;
/** Limits the time on large sets: more examples take longer to train, and the curve is flat long before this. */
const MAX_TICKETS = 8_000;
const MAX_ASKED = 1_500;
const MIN_EXAMPLES = 10;

/** Measures the accuracy of the embedded engine after training on an eighth, a quarter, half and all of the tickets. */
export async function learningCurve(options: {
  readonly tickets: readonly Example[];
  readonly taxonomy: Taxonomy;
  readonly confidence: ConfidenceTarget;
  readonly seed: number;
  readonly onProgress?: OnProgress;
}): Promise<LearningCurve> {
  const { taxonomy, confidence, seed, onProgress } = options;
  const tickets = shuffled(options.tickets, seed).slice(0, MAX_TICKETS);
  const split = splitDataset({ tickets, testShare: TEST_SHARE, seed });
  const asked = shuffled(split.test, seed).slice(0, MAX_ASKED);
  const learnable = shuffled(split.train, seed);
  const points: LearningPoint[] = [];
  let heldOut: LearningCurve['heldOut'] = [];
  await withVectorFolder(async (cacheDir) => {
    for (const [i, share] of SHARES.entries()) {
      const examples = learnable.slice(0, Math.round(learnable.length * share));
      if (examples.length < MIN_EXAMPLES) continue;
      const step = `Learning curve, point ${i + 1} of ${SHARES.length}`;
      const answers = await askLocal({ taxonomy, examples, asked, cacheDir, confidence, step, onProgress });
      heldOut = answers.map(({ ticket, predicted, abstained }) => ({
        abstained,
        correct: predicted === ticket.intent,
      }));
      const successes = heldOut.filter(({ correct }) => correct).length;
      const accuracy = wilsonInterval({ successes, count: heldOut.length });
      if (accuracy !== null) points.push({ examples: examples.length, accuracy });
    }
  });
  const [before, last] = points.slice(-2);
  const lastDoubling = before === undefined || last === undefined ? null : last.accuracy.value - before.accuracy.value;
  return { points, heldOut, lastDoubling };
}
