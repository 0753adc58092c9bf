import type { OnProgress } from '../../base/progress.ts';
import type { ModelCache } from './model-cache.ts';

export type TrainingTurns = {
  /** Resolves with the model of a key; null when this process must train it. */
  claim(key: string): Promise<ArrayBuffer | null>;
  /** Ends the turn after a `claim` with null; `bytes` is the trained model, null when training failed. */
  finish(key: string, bytes: ArrayBuffer | null): Promise<void>;
  /** Resolves when all models that were trained so far are in the cache, or could not be written to it. */
  shared(): Promise<void>;
  /** Call this when the engine's thread has ended: ends its turns, so that other processes can train. */
  giveUp(): Promise<void>;
};

/**
 * Lets one process train a model while the others wait and then load it. When the cache fails, every process trains:
 * the same model is then trained more than once.
 */
export function createTrainingTurns(options: {
  cache: ModelCache;
  onProgress: OnProgress;
  onError: (error: unknown) => void;
}): TrainingTurns {
  const { cache, onProgress, onError } = options;
  const turns = new Map<string, () => Promise<void>>();
  let stop = new AbortController();
  let sharing: Promise<unknown> = Promise.resolve();

  const end = async (key: string) => {
    const endTurn = turns.get(key);
    turns.delete(key);
    await endTurn?.().catch(onError);
  };
  return {
    async claim(key) {
      const { signal } = stop;
      try {
        const found = await cache.get(key);
        if (found !== null) return found;
        const onWait = () =>
          onProgress({ step: 'waiting for another process that trains the same model', done: 0, total: null });
        turns.set(key, await cache.takeTurn({ key, signal, onWait }));
        const trainedMeanwhile = signal.aborted ? null : await cache.get(key);
        if (trainedMeanwhile !== null || signal.aborted) await end(key);
        return trainedMeanwhile;
      } catch (error) {
        if (!signal.aborted) onError(error);
        return null;
      }
    },
    async finish(key, bytes) {
      const put = bytes === null ? Promise.resolve() : cache.put(key, bytes).catch(onError);
      sharing = Promise.all([sharing, put]);
      await put;
      await end(key);
    },
    async shared() {
      await sharing;
    },
    async giveUp() {
      stop.abort();
      stop = new AbortController();
      await Promise.all([...turns.keys()].map(end));
    },
  };
}
