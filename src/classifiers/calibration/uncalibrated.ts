import type { Classification } from '../classifier.ts';
import { formatPercent } from '../format-percent.ts';

/** Below this an answer that nothing has calibrated is more likely wrong than right by its own word. */
export const UNCALIBRATED_ACCEPT = 0.5;

/** The answer, abstaining where it is less than half sure. */
export function doubtUncalibrated(answer: Classification): Classification {
  if (answer.abstained || answer.confidence >= UNCALIBRATED_ACCEPT) return answer;
  const abstainReason =
    `Confidence ${formatPercent(answer.confidence)} is less than half, and nothing has been measured yet that would ` +
    "say more ('switchboard calibrate' does)";
  return { ...answer, abstained: true, abstainReason };
}
