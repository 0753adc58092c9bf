import { wilsonLowerBound } from '../calibration/wilson-bound.ts';
import type { AnswerRecord } from '../opinion.ts';

// With fewer held-out answers the confidence is not fitted to them (confidence-model.ts), so the probabilities mean little.
const FEWEST_ANSWERS = 40;
// With fewer, a training that leaves out a tenth of the examples leaves out a good part of some intent.
const EXAMPLES_PER_INTENT = 5;
/**
 * On a desk with noisy labels a classifier that was trained on them is right for about half of the tickets, and its opinion
 * helped there; on clean desks it is right far more often. One that is certainly right for less than two of five tickets
 * mostly names what it happens to have many examples of.
 */
const LEAST_ACCURACY = 0.4;

/** Whether the embedded engine knows the company's tickets well enough for its opinion to be evidence. */
export function knowsDesk(options: {
  heldOut: AnswerRecord | null;
  exampleCount: number;
  intentCount: number;
}): boolean {
  const { heldOut, exampleCount, intentCount } = options;
  if (heldOut === null || heldOut.of < FEWEST_ANSWERS) return false;
  return exampleCount >= EXAMPLES_PER_INTENT * intentCount && wilsonLowerBound(heldOut) >= LEAST_ACCURACY;
}
