import type { SureAnswer } from './calibration-error.ts';

export type CoveragePoint = {
  /** Only answers with at least this confidence count as given. */
  readonly threshold: number;
  readonly coverage: number;
  readonly precision: number;
};

/** One point for each possible threshold, highest first; answers with equal confidence share one point. */
export function precisionCoverage(answers: readonly SureAnswer[]): CoveragePoint[] {
  const sorted = [...answers].sort((a, b) => b.confidence - a.confidence);
  const points: CoveragePoint[] = [];
  let correct = 0;
  sorted.forEach((answer, i) => {
    if (answer.correct) correct += 1;
    if (sorted[i + 1]?.confidence === answer.confidence) return;
    points.push({ threshold: answer.confidence, coverage: (i + 1) / sorted.length, precision: correct / (i + 1) });
  });
  return points;
}
