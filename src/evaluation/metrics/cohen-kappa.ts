/** Weight of a disagreement: none (0 or 1), or the squared distance for ordered ratings. */
export type KappaWeights = 'none' | 'quadratic';

/**
 * Cohen's kappa of two raters over the same items: agreement beyond chance, 1 for perfect, 0 for chance (Cohen 1960;
 * 1968 for weights). Null without pairs, or when both raters always gave the same single value.
 */
export function cohenKappa(
  pairs: readonly (readonly [number, number])[],
  weights: KappaWeights = 'none',
): number | null {
  const values = [...new Set(pairs.flat())];
  const distance = (a: number, b: number) => (weights === 'quadratic' ? (a - b) ** 2 : a === b ? 0 : 1);
  const share = (side: 0 | 1, value: number) => pairs.filter((pair) => pair[side] === value).length / pairs.length;
  const observed = pairs.reduce((sum, [a, b]) => sum + distance(a, b), 0) / pairs.length;
  let expected = 0;
  for (const a of values) for (const b of values) expected += share(0, a) * share(1, b) * distance(a, b);
  return expected > 0 ? 1 - observed / expected : null;
}
