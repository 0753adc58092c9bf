/** Standard normal density. */
export const normalDensity = (x: number): number => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);

/**
 * P(Z ≤ x), exact to about 1e-15 near the middle, by the series of Marsaglia (2004, "Evaluating the Normal
 * Distribution"). In the tail, where that series loses digits, a continued fraction is used.
 */
export function normalCumulative(x: number): number {
  if (x > 6) return 1 - normalCumulative(-x);
  if (x < -6) {
    // Abramowitz and Stegun 26.2.14, evaluated from the inside out.
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / (-x + fraction);
    return normalDensity(x) / (-x + fraction);
  }
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

/** The x with P(Z ≤ x) = p, for 0 < p < 1. Uses bisection, which always converges. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a probability between 0 and 1 is needed, not ${p}`);
  if (p > 0.5) return -normalQuantile(1 - p);
  let low = -38;
  let high = 0;
  // The interval is 38 wide; halved 60 times, it is below the precision of a double.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCumulative(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
