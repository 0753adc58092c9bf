/** A held-out answer: how sure the engine was, and whether it was right. */
export type JudgedAnswer = { readonly intent: string; readonly confidence: number; readonly correct: boolean };

/** Answering at or above `threshold` covers this share of tickets at this precision. */
export type CurvePoint = { readonly threshold: number; readonly coverage: number; readonly precision: number };

/** Every distinct operating point, from the surest ticket to all of them. Equal confidences stand or fall together. */
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
