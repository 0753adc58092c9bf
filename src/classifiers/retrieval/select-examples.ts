/** A document that a search found. */
export type Candidate = {
  readonly id: string;
  readonly intent: string;
  readonly similarity: number;
  /** The text after `normaliseText`, for the comparison of near duplicates. */
  readonly normalisedText: string;
};

export type SelectOptions = {
  readonly k: number;
  readonly perIntent: number;
  readonly minSimilarity: number;
  readonly excludeIds: ReadonlySet<string>;
};

/**
 * Two examples with at least this share of common words are near duplicates: the second one would teach nothing new.
 */
const NEAR_DUPLICATE = 0.9;

/**
 * Chooses up to `k` candidates, which must come best first. Leaves out excluded and dissimilar ones, those beyond
 * `perIntent`, and near duplicates of a chosen one.
 */
export function selectExamples(candidates: Iterable<Candidate>, options: SelectOptions): Candidate[] {
  const chosen: Candidate[] = [];
  const words: Set<string>[] = [];
  const perIntent = new Map<string, number>();
  for (const candidate of candidates) {
    if (chosen.length >= options.k) break;
    if (candidate.similarity < options.minSimilarity || options.excludeIds.has(candidate.id)) continue;
    const count = perIntent.get(candidate.intent) ?? 0;
    if (count >= options.perIntent) continue;
    const own = new Set(candidate.normalisedText.split(' '));
    if (words.some((other) => overlap(own, other) >= NEAR_DUPLICATE)) continue;
    chosen.push(candidate);
    words.push(own);
    perIntent.set(candidate.intent, count + 1);
  }
  return chosen;
}

/** Jaccard similarity: common words over all words. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  return common / (a.size + b.size - common);
}
