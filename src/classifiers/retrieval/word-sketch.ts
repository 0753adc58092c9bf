/** Of 32 bits each. Texts of 300 words set two thirds of them, so that other words still differ. */
const INTEGERS = 8;
const SPACE = 0x20;
/** Any odd number with mixed bits; it decides only which words share a bit. */
const MIX = 0x5bd1e995;

/** A bit for each word of a text, some of them the same, and how many words it has, repeated ones included. */
export type WordSketch = { readonly bits: Int32Array; readonly words: number };

/** A sketch of the words between single spaces. Takes a small part of the time that a set of them does. */
export function sketchWords(text: string): WordSketch {
  const bits = new Int32Array(INTEGERS);
  let words = 0;
  let hash = 0;
  for (let i = 0; i <= text.length; i++) {
    const unit = i === text.length ? SPACE : text.charCodeAt(i);
    if (unit !== SPACE) {
      hash = Math.imul(hash ^ unit, MIX);
      hash ^= hash >>> 15;
      continue;
    }
    bits[hash & (INTEGERS - 1)]! |= 1 << ((hash >>> 3) & 31);
    words++;
    hash = 0;
  }
  return { bits, words };
}

/**
 * False only where the words that two texts have in common are certainly a smaller share of all their words. Each bit that
 * differs stands for a word that one of the texts lacks. Of all words these are (1 - share) at most, and all words are at most
 * (words of a + words of b) / (1 + share).
 */
export function mayOverlap(a: WordSketch, b: WordSketch, share: number): boolean {
  const most = ((1 - share) * (a.words + b.words)) / (1 + share);
  let different = 0;
  for (let i = 0; i < INTEGERS; i++) different += countBits(a.bits[i]! ^ b.bits[i]!);
  return different <= most + 1e-9; // Rounding must not exclude anything.
}

function countBits(integer: number): number {
  const pairs = integer - ((integer >>> 1) & 0x55555555);
  const quarters = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((quarters + (quarters >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
