import type { RankedIntent } from '../classifier.ts';

/**
 * Fits the runners-up to a confidence of the chosen intent that has moved: they share what it leaves in proportion, none
 * is above it, and all together are at most 100 %.
 */
export function scaleRunnersUp(
  runnersUp: readonly RankedIntent[],
  { from, to }: { readonly from: number; readonly to: number },
): RankedIntent[] {
  const left = (1 - to) / Math.max(1e-9, 1 - from);
  const capped = runnersUp.map((rival) => ({ ...rival, confidence: Math.min(to, rival.confidence * left) }));
  const sum = capped.reduce((all, { confidence }) => all + confidence, 0);
  if (sum <= 1 - to) return capped;
  return capped.map((rival) => ({ ...rival, confidence: (rival.confidence * (1 - to)) / sum }));
}
