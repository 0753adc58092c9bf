import type { Classification } from '../classifiers/classifier.ts';

/** A job is tried for about two minutes (queue/jobs.ts); an outage of the store may stretch that. */
const MAX_AGE_MS = 10 * 60_000;
/** A few megabytes. */
const MAX_COUNT = 1_000;

/** Classifications that are paid for and not saved yet, so that another run of the same job takes the same answer. */
export type UnsavedAnswers = {
  /** The answer kept under this key, or what `classify` gives now. */
  take(key: string, classify: () => Promise<Classification>): Promise<Classification>;
  /** Called when the answer is saved, or not wanted any more. */
  drop(key: string): void;
};

/** Keeps the newest `maxCount` finished answers, each for `maxAgeMs`; calls still in progress are always kept. */
export function createUnsavedAnswers(
  options: { maxAgeMs?: number; maxCount?: number; now?: () => number } = {},
): UnsavedAnswers {
  const { maxAgeMs = MAX_AGE_MS, maxCount = MAX_COUNT, now = () => performance.now() } = options;
  const running = new Map<string, Promise<Classification>>();
  /** In the order of their arrival. */
  const arrived = new Map<string, { readonly classification: Classification; readonly at: number }>();

  const keep = (key: string, classification: Classification) => {
    arrived.set(key, { classification, at: now() });
    for (const [oldest, { at }] of arrived) {
      if (arrived.size <= maxCount && now() - at <= maxAgeMs) break;
      arrived.delete(oldest);
    }
  };

  return {
    async take(key, classify) {
      const kept = arrived.get(key);
      if (kept !== undefined && now() - kept.at <= maxAgeMs) return kept.classification;
      arrived.delete(key);
      const inFlight = running.get(key);
      if (inFlight !== undefined) return inFlight;
      const answer = classify();
      running.set(key, answer);
      try {
        const classification = await answer;
        if (running.get(key) === answer) keep(key, classification);
        return classification;
      } finally {
        if (running.get(key) === answer) running.delete(key);
      }
    },
    drop(key) {
      running.delete(key);
      arrived.delete(key);
    },
  };
}
