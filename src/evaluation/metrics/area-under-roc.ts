/**
 * Probability that a ticket in scope scores higher than one out of scope; ties count half. This Mann–Whitney statistic
 * equals the area under the ROC curve. Null when either side is empty.
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
    // Tied values all get the mean of the ranks start + 1 … end.
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) if (all[i]!.isPositive) rankSum += rank;
    start = end;
  }
  const wins = rankSum - (positives.length * (positives.length + 1)) / 2;
  return wins / (positives.length * negatives.length);
}

/**
 * Share of out-of-scope tickets that are rejected by the threshold that accepts `acceptance` of the tickets in scope.
 * That threshold is computed from these tickets, so the result shows what the score could do, not the current setting.
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
