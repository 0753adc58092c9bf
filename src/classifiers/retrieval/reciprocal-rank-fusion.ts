// Cormack, Clarke and Büttcher 2009, "Reciprocal Rank Fusion": k = 60.
const RANK_OFFSET = 60;

/** What a ranking adds to the score of a document at a place, from 0. */
export function scoreOfPlace(place: number): number {
  return 1 / (RANK_OFFSET + place + 1);
}

/**
 * Joins rankings of documents (best first) into one score for each document: the sum of 1 / (60 + rank), rank from 1.
 */
export function reciprocalRankFusion(rankings: readonly (readonly number[])[]): Map<number, number> {
  const scores = new Map<number, number>();
  for (const ranking of rankings) {
    ranking.forEach((document, i) => {
      scores.set(document, (scores.get(document) ?? 0) + scoreOfPlace(i));
    });
  }
  return scores;
}
