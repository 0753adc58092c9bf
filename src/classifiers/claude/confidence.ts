import { wilsonLowerBound } from '../calibration/wilson-bound.ts';
import type { Certainty } from '../classifier.ts';
import type { AnswerRecord } from '../opinion.ts';
import { type CertaintyCounts, findCounts } from './certainty-counts.ts';

/** Maps the certainty that Claude states to a confidence. `heldOut` is that of the embedded engine, where it is known. */
export type ConfidenceTable = (answer: { certainty: Certainty; heldOut: AnswerRecord | null }) => number;

/**
 * Held-out accuracy of the embedded engine on a desk whose labels are clean, and on one where half of them contradict
 * each other. With ten examples an intent it has 81 % to 97 % on the public sets (docs/embedded-engine.md), which are
 * clean. Between the two, the confidence is interpolated.
 */
const CLEAN_ACCURACY = 0.8;
const NOISY_ACCURACY = 0.5;

/**
 * The confidence for as long as no calibration is applied: how often answers of that certainty were right, by the counts
 * of certainty-counts.json. Where they are not of this model and this prompt, it is the lower end of their 95 % interval.
 * `likely` and `unsure` are worth less on a noisy desk; a desk of which the embedded engine knows nothing counts as noisy.
 */
export function createConfidenceTable(options: {
  model: string;
  /** `promptDesign` of the requests. */
  prompt: string;
  all?: readonly CertaintyCounts[];
}): ConfidenceTable {
  const { counts, isMeasured } = findCounts(options);
  const shareOf = (certainty: Certainty, desks: readonly string[]): number | null => {
    const cells = counts.cells.filter((cell) => cell.certainty === certainty && desks.includes(cell.desk));
    const right = cells.reduce((sum, cell) => sum + cell.right, 0);
    const of = cells.reduce((sum, cell) => sum + cell.of, 0);
    if (of === 0) return null;
    // Laplace's rule keeps a share of few cases away from 0 and 1.
    return isMeasured ? (right + 1) / (of + 2) : wilsonLowerBound({ right, of });
  };
  const whole = (certainty: Certainty) =>
    shareOf(certainty, ['any', 'clean', 'noisy', 'in scope', 'out of scope']) ?? 0;
  const likely = whole('likely');
  const clean = shareOf('likely', ['clean']) ?? likely;
  const noisy = shareOf('likely', ['noisy']) ?? likely;
  // `unsure` was not counted apart, so it loses the same part on a noisy desk as `likely` does.
  const lost = clean === 0 ? 0 : Math.max(0, 1 - noisy / clean);
  return ({ certainty, heldOut }) => {
    const noise = noiseOf(heldOut);
    switch (certainty) {
      case 'sure':
        return whole('sure');
      case 'likely':
        return clean * (1 - lost * noise);
      case 'unsure':
        return whole('unsure') * (1 - lost * noise);
      case 'none_fits':
        return whole('none_fits');
      default:
        return certainty satisfies never;
    }
  };
}

/** 0 for a clean desk, 1 for a noisy one. By the lower bound, so that a few lucky answers do not make a desk clean. */
function noiseOf(heldOut: AnswerRecord | null): number {
  const accuracy = heldOut === null ? 0 : wilsonLowerBound(heldOut);
  return Math.min(1, Math.max(0, (CLEAN_ACCURACY - accuracy) / (CLEAN_ACCURACY - NOISY_ACCURACY)));
}

/** The weakest of the certainties that were stated for the levels of one answer. */
export function weakestCertainty(stated: readonly Certainty[]): Certainty {
  const fromWeakest: readonly Certainty[] = ['none_fits', 'unsure', 'likely', 'sure'];
  return fromWeakest.find((certainty) => stated.includes(certainty)) ?? 'unsure';
}
