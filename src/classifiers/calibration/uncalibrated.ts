import type { Classification } from '../classifier.ts';
import { formatPercent } from '../format-percent.ts';

/** Below this, an uncalibrated answer is more likely wrong than right by its own confidence. */
export const UNCALIBRATED_ACCEPT = 0.5;

/** Lets an uncalibrated answer abstain where its confidence is below 50 %. */
export function doubtUncalibrated(answer: Classification): Classification {
  if (answer.abstained || answer.confidence >= UNCALIBRATED_ACCEPT) return answer;
  const abstainReason =
    `Confidence ${formatPercent(answer.confidence)} is below ${formatPercent(UNCALIBRATED_ACCEPT)}, and the engine is ` +
    "not calibrated yet (run 'switchboard calibrate')";
  return { ...answer, abstained: true, abstainReason };
}
