/** Handles are whole numbers below this; with the 31 bits of a positive score, a key then fits into the 53 of a number. */
const HANDLES = 2 ** 21;
const FIRST_ROOM = 256;

const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);

/**
 * Handles by their scores, best first; of equal scores the lower handle comes first. A score, rounded to 32 bits, and its handle
 * become one number, as numbers are sorted several times as fast as anything that needs a comparison function. One ranking
 * serves many searches, as its memory would otherwise be a part of what each of them takes.
 */
export class Ranking {
  #keys = new Float64Array(FIRST_ROOM);
  #sortable = sortableView(this.#keys);
  #size = 0;

  clear(): void {
    this.#size = 0;
  }

  /** Ignored unless the score is above 0. */
  add(handle: number, score: number): void {
    if (!(score > 0)) return;
    if (handle >= HANDLES) throw new RangeError(`handle ${handle} is too large`);
    if (this.#size === this.#keys.length) this.#grow();
    floats[0] = score;
    this.#keys[this.#size++] = bits[0]! * HANDLES + (HANDLES - 1 - handle);
  }

  /** The best ones. With `scoreOf`, which returns the scores that were added, those that are equal in 32 bits are told apart. */
  best(count: number, scoreOf?: (handle: number) => number): number[] {
    this.#sortable.subarray(0, this.#size).sort();
    const found: number[] = [];
    let bitsOfLast = Number.NaN;
    for (let at = this.#size - 1; at >= 0; at--) {
      const key = this.#keys[at]!;
      const bitsOfKey = Math.floor(key / HANDLES);
      const isTied = scoreOf !== undefined && bitsOfKey === bitsOfLast;
      if (found.length >= count && !isTied) break;
      found.push(handleOf(key));
      if (isTied) settle(found, scoreOf);
      bitsOfLast = bitsOfKey;
    }
    if (found.length > count) found.length = Math.max(0, count);
    return found;
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#keys.length);
    larger.set(this.#keys);
    this.#keys = larger;
    this.#sortable = sortableView(larger);
  }
}

/** Positive numbers in the order of their bits, which V8 sorts in a third of the time, as integers cannot be NaN. */
export function sortableView(numbers: Float64Array<ArrayBuffer>): BigInt64Array {
  return new BigInt64Array(numbers.buffer);
}

/** The lowest 32 bits of a whole number, which has 53, are cheaper than its remainder. */
const handleOf = (key: number) => HANDLES - 1 - (key & (HANDLES - 1));

/** Moves the last handle before those that are not better. */
function settle(found: number[], scoreOf: (handle: number) => number): void {
  let at = found.length - 1;
  const handle = found[at]!;
  const score = scoreOf(handle);
  for (; at > 0 && isBetter({ handle, score }, found[at - 1]!, scoreOf); at--) found[at] = found[at - 1]!;
  found[at] = handle;
}

function isBetter(
  { handle, score }: { handle: number; score: number },
  other: number,
  scoreOf: (handle: number) => number,
): boolean {
  const otherScore = scoreOf(other);
  return score > otherScore || (score === otherScore && handle < other);
}
