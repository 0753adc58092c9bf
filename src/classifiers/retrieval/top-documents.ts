/** Relative slack for rounding: what differs less than this may have the same score. */
const SLACK = 1e-12;

/**
 * The `count` documents with the highest scores above 0, best first; of equal scores the lower number comes first. `scores`
 * has a value for each document that rises with its score, which `scoreOf` computes for the few that can be among the best.
 */
export function topDocuments(options: {
  scores: Float64Array;
  size: number;
  count: number;
  scoreOf: (document: number) => number;
}): number[] {
  const { scores, size, count, scoreOf } = options;
  if (count <= 0) return [];
  const least = boundOfHighest(scores, { size, n: count }) * (1 - SLACK);
  const found: Found[] = [];
  for (let document = 0; document < size; document++) {
    if (scores[document]! < least || scores[document] === 0) continue;
    found.push({ document, score: scoreOf(document) });
  }
  return bestOf(found, count).map(({ document }) => document);
}

export type Found = { readonly document: number; readonly score: number };

/** The `count` best documents with scores above 0, best first; of equal scores the lower number comes first. */
export function bestOf(found: readonly Found[], count: number): Found[] {
  return found
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.document - b.document)
    .slice(0, count);
}

/** Of so many groups for each value wanted, few have two of the highest values. */
const GROUPS_FOR_EACH = 4;

/**
 * A bound that at least `n` of the first `size` values reach, and few more: the n-th highest of the maxima of groups, which
 * takes a part of the time that finding the n-th value does. Neighbours, which tend to be alike, are in different groups.
 */
export function boundOfHighest(values: Float64Array, { size, n }: { size: number; n: number }): number {
  if (size < n) return Number.NEGATIVE_INFINITY;
  const groups = Math.min(size, GROUPS_FOR_EACH * n);
  const maxima = new Float64Array(groups);
  for (let group = 0; group < groups; group++) {
    let highest = values[group]!;
    for (let i = group + groups; i < size; i += groups) {
      const value = values[i]!;
      // Without a branch, which would be mispredicted often.
      highest = value > highest ? value : highest;
    }
    maxima[group] = highest;
  }
  return nthHighest(maxima, n);
}

/** Reorders the values. */
function nthHighest(values: Float64Array, n: number): number {
  const wanted = n - 1;
  let from = 0;
  let to = values.length - 1;
  // Hoare's selection: each round leaves the part that has the wanted place.
  while (from < to) {
    const pivot = values[(from + to) >> 1]!;
    let left = from;
    let right = to;
    while (left <= right) {
      while (values[left]! > pivot) left++;
      while (values[right]! < pivot) right--;
      if (left > right) break;
      const value = values[left]!;
      values[left++] = values[right]!;
      values[right--] = value;
    }
    if (wanted <= right) to = right;
    else if (wanted >= left) from = left;
    else break;
  }
  return values[wanted]!;
}
