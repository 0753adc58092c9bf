/** The confidence of an answer, 0 to 1, and whether it was right. */
export type SureAnswer = { readonly confidence: number; readonly correct: boolean };

export type ReliabilityBin = {
  /** The bin holds confidences in (low, high]; the first bin also holds 0. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly correct: number;
  /** Null in an empty bin. */
  readonly meanConfidence: number | null;
  readonly accuracy: number | null;
};

/** As in Guo et al. 2017 ("On Calibration of Modern Neural Networks"), so that figures compare with published ones. */
export const CALIBRATION_BINS = 15;

/** Groups answers into bins of equal width by confidence, for a reliability diagram. */
export function reliabilityBins(answers: readonly SureAnswer[], binCount = CALIBRATION_BINS): ReliabilityBin[] {
  const tallies = Array.from({ length: binCount }, () => ({ count: 0, correct: 0, confidence: 0 }));
  for (const { confidence, correct } of answers) {
    const bin = tallies[Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1))]!;
    bin.count += 1;
    bin.confidence += confidence;
    if (correct) bin.correct += 1;
  }
  return tallies.map(({ count, correct, confidence }, i) => ({
    low: i / binCount,
    high: (i + 1) / binCount,
    count,
    correct,
    meanConfidence: count === 0 ? null : confidence / count,
    accuracy: count === 0 ? null : correct / count,
  }));
}

/**
 * Expected calibration error: the gap between confidence and accuracy in each bin, weighted by the bin's share of
 * answers. 0 without answers. Few answers bias it upwards: then even a perfectly calibrated engine does not reach 0.
 */
export function expectedCalibrationError(answers: readonly SureAnswer[], binCount = CALIBRATION_BINS): number {
  if (answers.length === 0) return 0;
  return reliabilityBins(answers, binCount).reduce((sum, bin) => {
    if (bin.meanConfidence === null || bin.accuracy === null) return sum;
    return sum + (bin.count / answers.length) * Math.abs(bin.accuracy - bin.meanConfidence);
  }, 0);
}
