/**
 * p-values adjusted for how many were looked at (Holm 1979): compare each with the level as if it were alone, and the
 * chance of even one false alarm stays below it. Same order as given.
 */
export function holmCorrection(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.map(() => 1);
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, pValues[index]! * (pValues.length - rank)));
    adjusted[index] = highest;
  });
  return adjusted;
}
