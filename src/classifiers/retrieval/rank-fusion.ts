import { sortableView } from './ranking.ts';
import { scoreOfPlace } from './reciprocal-rank-fusion.ts';

/** Rankings are cut to this length before fusion: an example that is lower in both lists is not similar. */
export const RANKING_DEPTH = 100;
const WIDTH = RANKING_DEPTH + 1;
/** Handles are whole numbers below this. */
const HANDLES = 2 ** 32;

/** Made with the first search: it takes some milliseconds. */
let ordersOfPairs: Int32Array | undefined;

/**
 * Joins two rankings of up to `RANKING_DEPTH` handles as `reciprocalRankFusion` does, best first and of equal scores the lower
 * handle first, in a third of the time: how the scores of all pairs of places compare is known beforehand.
 */
export class RankFusion {
  /** By handle, its place in the first ranking plus 1, while two rankings are joined. */
  #places = new Uint8Array(0);
  readonly #keys = new Float64Array(2 * RANKING_DEPTH);
  readonly #sortable = sortableView(this.#keys);

  fuse(first: readonly number[], second: readonly number[]): number[] {
    this.#makeRoom(first);
    this.#makeRoom(second);
    ordersOfPairs ??= orderPairs();
    const orders = ordersOfPairs;
    const places = this.#places;
    const keys = this.#keys;
    let count = 0;
    for (let i = 0; i < first.length; i++) places[first[i]!] = i + 1;
    for (let i = 0; i < second.length; i++) {
      const handle = second[i]!;
      const place = places[handle] === 0 ? RANKING_DEPTH : places[handle]! - 1;
      places[handle] = 0;
      keys[count++] = orders[place * WIDTH + i]! * HANDLES + handle;
    }
    for (let i = 0; i < first.length; i++) {
      const handle = first[i]!;
      if (places[handle] === 0) continue; // The second ranking has it too.
      places[handle] = 0;
      keys[count++] = orders[i * WIDTH + RANKING_DEPTH]! * HANDLES + handle;
    }
    this.#sortable.subarray(0, count).sort();
    const fused: number[] = [];
    for (let i = 0; i < count; i++) fused.push(keys[i]! >>> 0); // The remainder of HANDLES.
    return fused;
  }

  #makeRoom(ranking: readonly number[]): void {
    let largest = 0;
    for (let i = 0; i < ranking.length; i++) if (ranking[i]! > largest) largest = ranking[i]!;
    if (largest >= this.#places.length) this.#places = new Uint8Array(2 * largest + 1);
  }
}

/** For each pair of places, of which `RANKING_DEPTH` means that a ranking lacks the handle, how many scores are higher. */
function orderPairs(): Int32Array {
  const scores = new Float64Array(WIDTH * WIDTH);
  for (let first = 0; first < WIDTH; first++) {
    for (let second = 0; second < WIDTH; second++) {
      let score = 0;
      for (const place of [first, second]) if (place < RANKING_DEPTH) score += scoreOfPlace(place);
      scores[first * WIDTH + second] = score;
    }
  }
  const highestFirst = new Float64Array(new Set(scores)).sort().reverse();
  const orders = new Map(Array.from(highestFirst, (score, order) => [score, order]));
  return Int32Array.from(scores, (score) => orders.get(score)!);
}
