/**
 * Weights that let every class count the same, however many cases it has: a case of a class with n of N cases weighs
 * N / (classes · n). They sum to N. With as many cases of each class, every weight is 1.
 */
export function balancedWeights(classes: readonly unknown[]): number[] {
  const counts = new Map<unknown, number>();
  for (const own of classes) counts.set(own, (counts.get(own) ?? 0) + 1);
  return classes.map((own) => classes.length / (counts.size * counts.get(own)!));
}
