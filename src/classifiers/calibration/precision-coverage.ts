/** A held-out answer, with the confidence of the engine and whether it was right. */
export type JudgedAnswer = {
  /** The intent that the engine named. */
  readonly intent: string;
  /** The right intent, null when none fits; missing in calibrations of older versions. */
  readonly expected?: string | null | undefined;
  readonly confidence: number;
  readonly correct: boolean;
};

/** With answers from `threshold` on, this share of the tickets is answered, with this precision. */
export type CurvePoint = { readonly threshold: number; readonly coverage: number; readonly precision: number };

/** Every possible threshold, from the highest confidence to the lowest. Answers of equal confidence are one point. */
export function precisionCoverageCurve(answers: readonly JudgedAnswer[]): CurvePoint[] {
  const sorted = [...answers].sort((a, b) => b.confidence - a.confidence);
  const curve: CurvePoint[] = [];
  let correct = 0;
  sorted.forEach((answer, i) => {
    if (answer.correct) correct++;
    if (sorted[i + 1]?.confidence === answer.confidence) return;
    curve.push({
      threshold: answer.confidence,
      coverage: (i + 1) / sorted.length,
      precision: correct / (i + 1),
    });
  });
  return curve;
}
