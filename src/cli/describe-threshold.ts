import { count } from '../base/plural.ts';
import { type ConfidenceTarget, describeNeed } from '../classifiers/calibration/confidence-target.ts';
import type { AnswersFrom } from '../classifiers/calibration/describe-calibration.ts';
import { formatPercent } from '../classifiers/format-percent.ts';

/** Says from which confidence on the answers of an engine count, as a sentence without its end. */
export function describeThreshold({ pooled, perIntent }: AnswersFrom, target: ConfidenceTarget): string {
  const own = Object.values(perIntent);
  const reached = own.filter((threshold) => threshold !== null);
  const never = own.length - reached.length;
  const range = [...new Set([Math.min(...reached), Math.max(...reached)].map(formatPercent))].join(' to ');
  const apart = [
    ...(reached.length === 0 ? [] : [`from ${range} for ${count(reached.length, 'intent')} with answers of their own`]),
    ...(never === 0 ? [] : [`never for ${count(never, 'intent')}`]),
  ];
  const shared =
    pooled === null
      ? 'Its answers never count: no confidence was high enough'
      : `Its answers count from a confidence of ${formatPercent(pooled)} on, the one ${describeNeed(target)}`;
  return [shared, ...apart].join('; ');
}
