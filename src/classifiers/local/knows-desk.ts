import { wilsonLowerBound } from '../calibration/wilson-bound.ts';
import type { AnswerRecord } from '../opinion.ts';

// With fewer held-out answers the confidence is not fitted to them (confidence-model.ts), so the probabilities mean little.
const FEWEST_ANSWERS = 40;
// With fewer, a training that leaves out a tenth of the examples leaves out a good part of some intent.
const EXAMPLES_PER_INTENT = 5;
/**
 * With two of five labels wrong, an engine with 20 examples an intent is right for 44 % of the held-out tickets, and what
 * it says of itself is still true (npm run bench:claude-confidence). How far an opinion can be trusted is said with it, so
 * the bound only keeps out engines that know next to nothing …
 */
const LEAST_ACCURACY = 0.3;
/** … and, with two to four intents, those that are hardly better than drawing one. */
const TIMES_CHANCE = 1.5;

/** Whether the embedded engine knows the company's tickets well enough for its opinion to be evidence. */
export function knowsDesk(options: {
  heldOut: AnswerRecord | null;
  exampleCount: number;
  intentCount: number;
}): boolean {
  const { heldOut, exampleCount, intentCount } = options;
  if (heldOut === null || heldOut.of < FEWEST_ANSWERS) return false;
  const least = Math.max(LEAST_ACCURACY, TIMES_CHANCE / intentCount);
  return exampleCount >= EXAMPLES_PER_INTENT * intentCount && wilsonLowerBound(heldOut) >= least;
}
