/** Handles are whole numbers below this; with the 31 bits of a positive score, a key then fits into the 53 of a number. */
const HANDLES = 2 ** 21;

const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);

/**
 * Handles by their scores, best first; of equal scores the lower handle comes first. A score, rounded to 32 bits, and its handle
 * become one number, as numbers are sorted several times as fast as anything that needs a comparison function.
 */
export class Ranking {
  readonly #keys: number[] = [];
  #sorted = new Float64Array(0);

  /** Ignored unless the score is above 0. */
  add(handle: number, score: number): void {
    if (!(score > 0)) return;
    if (handle >= HANDLES) throw new RangeError(`handle ${handle} is too large`);
    floats[0] = score;
    this.#keys.push(bits[0]! * HANDLES + (HANDLES - 1 - handle));
  }

  /** The best ones. With `scoreOf`, which returns the scores that were added, those that are equal in 32 bits are told apart. */
  best(count: number, scoreOf?: (handle: number) => number): number[] {
    const sorted = this.#sort();
    const least = scoreOf === undefined ? sorted.length - count : 0;
    const found: number[] = [];
    for (let at = sorted.length - 1; at >= 0 && at >= least; at--) found.push(HANDLES - 1 - (sorted[at]! % HANDLES));
    if (scoreOf === undefined) return found;
    // Nearly in order, so that hardly any are moved.
    for (let i = 1; i < found.length; i++) {
      const handle = found[i]!;
      const score = scoreOf(handle);
      let at = i;
      for (; at > 0 && isBetter({ handle, score }, found[at - 1]!, scoreOf); at--) found[at] = found[at - 1]!;
      found[at] = handle;
    }
    return found.slice(0, count);
  }

  /** Ascending. */
  #sort(): Float64Array {
    if (this.#sorted.length < this.#keys.length) this.#sorted = new Float64Array(this.#keys).sort();
    return this.#sorted;
  }
}

function isBetter(
  { handle, score }: { handle: number; score: number },
  other: number,
  scoreOf: (handle: number) => number,
): boolean {
  const otherScore = scoreOf(other);
  return score > otherScore || (score === otherScore && handle < other);
}
