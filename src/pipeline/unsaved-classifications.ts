import type { Classification } from '../classifiers/classifier.ts';

/** A job is tried for about two minutes (queue/jobs.ts), and longer when the store is unavailable. */
const MAX_AGE_MS = 10 * 60_000;
/** These take a few megabytes of memory. */
const MAX_COUNT = 1_000;

/** Keeps classifications that are paid for but not saved yet, so that a retry of the same job does not pay again. */
export type UnsavedClassifications = {
  /** Returns the classification kept under this key, or else calls `classify` and keeps its result. */
  take(key: string, classify: () => Promise<Classification>): Promise<Classification>;
  /** Forgets a classification; call it when it is saved or no longer needed. */
  drop(key: string): void;
};

/** Keeps the newest `maxCount` finished classifications, each for `maxAgeMs`. Calls in progress are always kept. */
export function createUnsavedClassifications(
  options: { maxAgeMs?: number; maxCount?: number; now?: () => number } = {},
): UnsavedClassifications {
  const { maxAgeMs = MAX_AGE_MS, maxCount = MAX_COUNT, now = () => performance.now() } = options;
  const running = new Map<string, Promise<Classification>>();
  /** Oldest first. */
  const finished = new Map<string, { readonly classification: Classification; readonly at: number }>();

  const keep = (key: string, classification: Classification) => {
    finished.set(key, { classification, at: now() });
    for (const [oldest, { at }] of finished) {
      if (finished.size <= maxCount && now() - at <= maxAgeMs) break;
      finished.delete(oldest);
    }
  };

  return {
    async take(key, classify) {
      const kept = finished.get(key);
      if (kept !== undefined && now() - kept.at <= maxAgeMs) return kept.classification;
      finished.delete(key);
      const inFlight = running.get(key);
      if (inFlight !== undefined) return inFlight;
      const call = classify();
      running.set(key, call);
      try {
        const classification = await call;
        if (running.get(key) === call) keep(key, classification);
        return classification;
      } finally {
        if (running.get(key) === call) running.delete(key);
      }
    },
    drop(key) {
      running.delete(key);
      finished.delete(key);
    },
  };
}
