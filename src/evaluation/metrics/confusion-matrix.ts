/** The right intent and the predicted one; `predicted` is null when no engine named an intent. */
export type Judged = { readonly expected: string; readonly predicted: string | null };

/** How often each intent was predicted as each other one. */
export type ConfusionMatrix = {
  /** Intents of the rows and columns, sorted. */
  readonly labels: readonly string[];
  /** `counts[expected][predicted]`, by position in `labels`. */
  readonly counts: readonly (readonly number[])[];
  /** Number of tickets for which no intent was named, by position in `labels`. */
  readonly unnamed: readonly number[];
};

export function confusionMatrix(judged: readonly Judged[]): ConfusionMatrix {
  const named = judged.flatMap((one) => (one.predicted === null ? [one.expected] : [one.expected, one.predicted]));
  const labels = [...new Set(named)].sort();
  const position = new Map(labels.map((label, i) => [label, i]));
  const counts = labels.map(() => labels.map(() => 0));
  const unnamed = labels.map(() => 0);
  for (const { expected, predicted } of judged) {
    const row = position.get(expected)!;
    if (predicted === null) unnamed[row]! += 1;
    else counts[row]![position.get(predicted)!]! += 1;
  }
  return { labels, counts, unnamed };
}

export type Confusion = { readonly expected: string; readonly predicted: string; readonly count: number };

/** The pairs of intents that are confused most often, most frequent first. */
export function topConfusions({ labels, counts }: ConfusionMatrix, limit: number): Confusion[] {
  return counts
    .flatMap((row, i) =>
      row.map((count, j) => ({ expected: labels[i]!, predicted: labels[j]!, count, wrong: i !== j })),
    )
    .filter(({ wrong, count }) => wrong && count > 0)
    .map(({ expected, predicted, count }) => ({ expected, predicted, count }))
    .sort((a, b) => b.count - a.count || a.expected.localeCompare(b.expected) || a.predicted.localeCompare(b.predicted))
    .slice(0, limit);
}
