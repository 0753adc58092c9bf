/**
 * Krippendorff's alpha for ratings on an interval scale: agreement beyond chance, 1 for perfect, 0 for chance. Any
 * number of raters, who may have skipped items (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").
 * `items` holds the ratings of each item. Null when no item has two ratings or all ratings are the same.
 */
export function krippendorffAlpha(items: readonly (readonly number[])[]): number | null {
  const pairable = items.filter((ratings) => ratings.length >= 2);
  const all = pairable.flat();
  if (all.length === 0) return null;
  const expected = pairDistance(all) / (all.length * (all.length - 1));
  if (expected === 0) return null;
  const observed =
    pairable.reduce((sum, ratings) => sum + pairDistance(ratings) / (ratings.length - 1), 0) / all.length;
  return 1 - observed / expected;
}

/** Sum of squared differences over all ordered pairs. */
function pairDistance(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return 2 * (values.length * squares - sum * sum);
}
