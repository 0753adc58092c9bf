import type { BreakerBoard, BreakerState } from '../../classifiers/model-api/circuit-breaker.ts';
import type { Store } from '../store.ts';

export type StoreBoard = BreakerBoard & {
  /** Reads what other processes have written. Called on their notifications, and regularly in case one was lost. */
  refresh(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Circuit breakers that all processes on a store share: a breaker that opens or closes is stored, and the others read
 * it as soon as it is committed. While the store is away, each process keeps the last state that it has read.
 */
export async function openStoreBoard(options: {
  store: Pick<Store, 'breakers' | 'onBreakers'>;
  /** Milliseconds since 1970. */
  now: () => number;
  onError: (error: unknown) => void;
}): Promise<StoreBoard> {
  const { store, now, onError } = options;
  const states = new Map<string, BreakerState>();
  const listeners: ((name: string) => void)[] = [];
  /** The version of each row when it was last read: a row with the same version has not changed. */
  const versions = new Map<string, string>();
  /** Own writes that are not committed yet: what is read meanwhile is older. */
  const writing = new Map<string, number>();
  let lastWrite: Promise<unknown> = Promise.resolve();

  const apply = (name: string, state: BreakerState | null) => {
    if (state === null && !states.has(name)) return;
    if (state === null) states.delete(name);
    else states.set(name, state);
    for (const listener of listeners) listener(name);
  };
  const read = async ({ isStart }: { isStart: boolean }) => {
    for (const { name, why, openForMs, version } of await store.breakers.all()) {
      if (writing.has(name) || versions.get(name) === version) continue;
      versions.set(name, version);
      // The restart may have fixed what was down before, so the first call of this process tries it.
      const openUntil = isStart ? now() : now() + (openForMs ?? 0);
      apply(name, openForMs === null ? null : { openUntil, why });
    }
  };
  const refresh = () => read({ isStart: false }).catch(onError);
  const write = (name: string, state: BreakerState | null) => {
    writing.set(name, (writing.get(name) ?? 0) + 1);
    const openForMs = state === null ? null : Math.max(0, state.openUntil - now());
    // Writes one after the other, so that the last state that was set is written last.
    lastWrite = lastWrite
      .then(() => store.breakers.set({ name, openForMs, why: state?.why ?? '' }))
      .catch(onError)
      .then(() => {
        const left = (writing.get(name) ?? 1) - 1;
        if (left === 0) writing.delete(name);
        else writing.set(name, left);
      });
  };

  await read({ isStart: true });
  const stopListening = await store.onBreakers(() => void refresh());
  return {
    get: (name) => states.get(name) ?? null,
    set(name, state) {
      write(name, state);
      apply(name, state);
    },
    onChange: (listener) => void listeners.push(listener),
    refresh,
    async close() {
      await stopListening();
      await lastWrite;
    },
  };
}
