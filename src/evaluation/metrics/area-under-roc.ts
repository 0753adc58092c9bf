/**
 * Probability that a ticket in scope scores higher than one out of scope, ties counting half (the Mann–Whitney
 * statistic, which is the area under the ROC curve). Null when either side is empty.
 */
export function areaUnderRoc(options: {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}): number | null {
  const { positives, negatives } = options;
  if (positives.length === 0 || negatives.length === 0) return null;
  const all = [
    ...positives.map((score) => ({ score, isPositive: true })),
    ...negatives.map((score) => ({ score, isPositive: false })),
  ].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]!.score === all[start]!.score) end += 1;
    // Ties share the mean of the ranks start + 1 … end.
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) if (all[i]!.isPositive) rankSum += rank;
    start = end;
  }
  const wins = rankSum - (positives.length * (positives.length + 1)) / 2;
  return wins / (positives.length * negatives.length);
}

/**
 * With the threshold that still accepts `acceptance` of the tickets in scope, the share of those out of scope that it
 * turns away. The threshold is taken from the same tickets, so it is what the score could do, not what was set.
 */
export function recallAtAcceptance(options: {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
  readonly acceptance: number;
}): number | null {
  const { positives, negatives, acceptance } = options;
  if (positives.length === 0 || negatives.length === 0) return null;
  const descending = [...positives].sort((a, b) => b - a);
  // The rounding guards against 0.95 · 20 = 19.000000000000004.
  const accepted = Math.ceil(Number((acceptance * positives.length).toFixed(9)));
  const threshold = descending[Math.max(0, accepted - 1)]!;
  return negatives.filter((score) => score < threshold).length / negatives.length;
}
