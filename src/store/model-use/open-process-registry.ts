import type { Store } from '../store.ts';

/** Live processes of one kind on a store, this one included. */
export type ProcessRegistry = {
  /** As of the last beat; at least 1. */
  count(): number;
  /** The listener is called when the count has changed. */
  onChange(listener: () => void): void;
  /** Records that this process is alive, and counts all. Never rejects: without the store the last count stays. */
  beat(): Promise<void>;
  /** Removes this process; the others no longer count it from their next beat on. */
  close(): Promise<void>;
};

/** Registers this process, so that all together keep within an account's limits. Call `beat` every few seconds. */
export async function openProcessRegistry(options: {
  store: Pick<Store, 'processes'>;
  id: string;
  kind: string;
  onError: (error: unknown) => void;
}): Promise<ProcessRegistry> {
  const { store, id, kind, onError } = options;
  const listeners: (() => void)[] = [];
  let count = 1;
  let closed = false;

  const beat = async () => {
    if (closed) return;
    try {
      const found = Math.max(1, await store.processes.beat({ id, kind }));
      if (found === count) return;
      count = found;
      for (const listener of listeners) listener();
    } catch (error) {
      onError(error);
    }
  };
  await beat();
  return {
    count: () => count,
    onChange: (listener) => void listeners.push(listener),
    beat,
    async close() {
      closed = true;
      await store.processes.leave(id).catch(onError);
    },
  };
}
