/** Formats a probability as whole percent, rounded down: 84.9 % must not look like a required 85 % that was reached. */
export function formatPercent(probability: number): string {
  // 0.29 * 100 is 28.999…: a tiny amount is added before rounding down.
  return `${Math.floor(probability * 100 + 1e-9)} %`;
}
