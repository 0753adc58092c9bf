import type { TextVectors } from '../parts.ts';
import { hashText } from '../vector-cache.ts';

/** A ticket is read more than once: by the engine, by the search for examples, and again when its job is repeated. */
const MAX_BYTES = 4_000_000;
/** Two vectors of 512 floats, and about as much again as a small map entry takes. */
const ENTRY_BYTES = 2 * 512 * Float32Array.BYTES_PER_ELEMENT + 300;
const MAX_ENTRIES = Math.floor(MAX_BYTES / ENTRY_BYTES);

/** The vectors of the texts that were read last, by the hash of the text. Holds no words. */
export type RecentVectors = {
  /** Returns the vectors of a text, or of the reading that is under way. `read` is called where there are none. */
  get(text: string, read: () => Promise<TextVectors>): Promise<TextVectors>;
};

export function createRecentVectors({ maxEntries = MAX_ENTRIES }: { maxEntries?: number } = {}): RecentVectors {
  // The order of a Map is the order of insertion: the first entry is the one that was not asked for the longest.
  const known = new Map<string, Promise<TextVectors>>();
  return {
    get(text, read) {
      const hash = hashText(text);
      const found = known.get(hash);
      const vectors = found ?? read();
      known.delete(hash);
      known.set(hash, vectors);
      if (found === undefined) {
        vectors.catch(() => {
          if (known.get(hash) === vectors) known.delete(hash);
        });
      }
      for (const oldest of known.keys()) {
        if (known.size <= maxEntries) break;
        known.delete(oldest);
      }
      return vectors;
    },
  };
}
