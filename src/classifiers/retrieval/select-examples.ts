/** A document that a search found, best first, with what is needed to choose among them. */
export type Candidate = {
  readonly id: string;
  readonly intent: string;
  readonly similarity: number;
  /** Text as duplicates are compared (`normaliseText`). */
  readonly normalisedText: string;
};

export type SelectOptions = {
  readonly k: number;
  readonly perIntent: number;
  readonly minSimilarity: number;
  readonly excludeIds: ReadonlySet<string>;
};

/** Share of common words from which two examples teach the same thing twice. */
const NEAR_DUPLICATE = 0.9;

/** Takes the best candidates: not the excluded, not too many of one intent, none that nearly repeats another. */
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
