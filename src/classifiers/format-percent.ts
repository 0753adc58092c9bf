/** A probability for people, in whole percent and rounded down: 84.9 % never reads as the 85 % that it misses. */
export function formatPercent(probability: number): string {
  // 0.29 * 100 is 28.999…: a hair is added before rounding down.
  return `${Math.floor(probability * 100 + 1e-9)} %`;
}
