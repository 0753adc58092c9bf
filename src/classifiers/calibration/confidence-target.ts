import { type Saying, say } from '../../base/say.ts';
import type { Classification } from '../classifier.ts';
import { formatBelow, formatPercent, shownBelow, shownShare } from '../format-percent.ts';
import { nameEngine } from '../name-engine.ts';

/**
 * A precision among answered tickets, or two costs from which a threshold follows. Its schema: confidence-settings.ts.
 */
export type ConfidenceTarget =
  | { readonly targetPrecision: number }
  | { readonly wrongRouteUsd: number; readonly humanLookUsd: number };

/**
 * The probability from which an answer is cheaper than a look by a person; null when the target is a precision.
 *
 * The expected cost of an answer is (1 − p) · wrongRoute; a look always costs humanLook. So an answer is cheaper where
 * p ≥ 1 − humanLook / wrongRoute (Chow 1970). 0 when a look costs more than a wrong route.
 */
export function thresholdFromCosts(target: ConfidenceTarget): number | null {
  return 'targetPrecision' in target ? null : breakEven(target);
}

function breakEven({ wrongRouteUsd, humanLookUsd }: { wrongRouteUsd: number; humanLookUsd: number }): number {
  return Math.max(0, 1 - humanLookUsd / wrongRouteUsd);
}

/** The precision that answers should have: the configured one, or the one that follows from the two costs. */
export function precisionWanted(target: ConfidenceTarget): number {
  return 'targetPrecision' in target ? target.targetPrecision : breakEven(target);
}

/** Says in one sentence that an engine is not sure enough for the target. */
export function belowThreshold(options: {
  stage: Classification['stage'];
  confidence: number;
  threshold: number;
  target: ConfidenceTarget;
}): Saying {
  const { stage, confidence, threshold, target } = options;
  const both = { value: confidence, limit: threshold };
  const shown = formatBelow(both);
  const { value, limit } = shownBelow(both);
  const text = `${nameEngine({ stage })} is ${shown.value} sure, below the ${shown.limit} ${describeNeed(target)}.`;
  const values = { stage, confidence: value, threshold: limit };
  return 'targetPrecision' in target
    ? say('engine.below-target', text, { ...values, target: shownShare(target.targetPrecision) })
    : say('engine.below-costs', text, values);
}

/** What needs a confidence, as the end of a sentence about it. */
export function describeNeed(target: ConfidenceTarget): string {
  return 'targetPrecision' in target
    ? `that the target of ${formatPercent(target.targetPrecision)} right answers needs`
    : 'from which an answer costs less than a look by a person';
}
