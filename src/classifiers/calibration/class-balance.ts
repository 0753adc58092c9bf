/**
 * Weights that let every class count the same, however many cases it has: a case of a class with n of N cases weighs
 * N / (classes · n). They sum to N. With as many cases of each class, every weight is 1.
 */
export function balancedWeights(classes: readonly unknown[]): number[] {
  const counts = new Map<unknown, number>();
  for (const own of classes) counts.set(own, (counts.get(own) ?? 0) + 1);
  return classes.map((own) => classes.length / (counts.size * counts.get(own)!));
}

/** The same for tickets by their right intent; those that fit none (null) count as often as they come. */
export function weightsByIntent(expected: readonly (string | null)[]): number[] {
  const inScope = balancedWeights(expected.filter((intent) => intent !== null));
  let next = 0;
  return expected.map((intent) => (intent === null ? 1 : inScope[next++]!));
}
