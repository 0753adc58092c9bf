/** Formats a probability as whole percent, rounded down: 84.9 % must not look like a required 85 % that was reached. */
export function formatPercent(probability: number): string {
  return format(probability, 0);
}

/** A probability as it is shown: rounded down to whole percent. */
export const shownShare = (probability: number): number => wholePercent(probability) / 100;

/** Formats a probability as a fraction of 1 with two decimals, rounded down for the same reason: 0.998 is `0.99`. */
export function formatFraction(probability: number): string {
  return (wholePercent(probability) / 100).toFixed(2);
}

/** A probability in whole percent, rounded down. */
export const wholePercent = (probability: number): number => roundDown(probability, 0);

/** Both probabilities with as few decimals as show that the first is below the second: 74.2 % and 74.6 %. */
export function formatBelow({ value, limit }: { value: number; limit: number }): { value: string; limit: string } {
  const decimals = decimalsApart(value, limit);
  return { value: format(value, decimals), limit: format(limit, decimals) };
}

/** The same as numbers. */
export function shownBelow({ value, limit }: { value: number; limit: number }): { value: number; limit: number } {
  const decimals = decimalsApart(value, limit);
  return { value: roundDown(value, decimals) / 100, limit: roundDown(limit, decimals) / 100 };
}

const decimalsApart = (value: number, limit: number): number =>
  [0, 1, 2, 3].find((places) => format(value, places) !== format(limit, places)) ?? 3;

const format = (probability: number, decimals: number): string =>
  `${roundDown(probability, decimals).toFixed(decimals)} %`;

/** In percent. */
function roundDown(probability: number, decimals: number): number {
  const scale = 10 ** decimals;
  // 0.29 * 100 is 28.999…: a tiny amount is added before rounding down.
  return Math.floor(probability * 100 * scale + 1e-9) / scale;
}
