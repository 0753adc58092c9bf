import type { OnProgress } from '../../base/progress.ts';
import type { ModelCache } from './model-cache.ts';

export type TrainingTurns = {
  /** The model of a key, trained here or elsewhere; null when this process is to train it. */
  claim(key: string): Promise<ArrayBuffer | null>;
  /** What was trained after a claim that gave null; null when that failed. */
  finish(key: string, bytes: ArrayBuffer | null): Promise<void>;
  /** Resolves when what was trained so far is handed on. */
  handedOn(): Promise<void>;
  /** The thread that trained has ended: others may train what it had claimed. */
  giveUp(): Promise<void>;
};

/**
 * One process trains, the others wait and load. A cache that is away keeps nobody from training: the same model is then
 * trained more than once.
 */
export function createTrainingTurns(options: {
  cache: ModelCache;
  onProgress: OnProgress;
  onError: (error: unknown) => void;
}): TrainingTurns {
  const { cache, onProgress, onError } = options;
  const turns = new Map<string, () => Promise<void>>();
  let stop = new AbortController();
  let handingOn: Promise<unknown> = Promise.resolve();

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
      handingOn = Promise.all([handingOn, put]);
      await put;
      await end(key);
    },
    async handedOn() {
      await handingOn;
    },
    async giveUp() {
      stop.abort();
      stop = new AbortController();
      await Promise.all([...turns.keys()].map(end));
    },
  };
}
