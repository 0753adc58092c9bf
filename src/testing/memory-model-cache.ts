import type { ModelCache } from '../classifiers/local/model-cache.ts';

/** A cache of models that the engines of one test share, as processes do through a database. */
export function createMemoryModelCache(): ModelCache & { readonly models: Map<string, ArrayBuffer> } {
  const models = new Map<string, ArrayBuffer>();
  const turns = new Map<string, Promise<void>>();
  return {
    models,
    // Copied, because the bytes are transferred to another thread.
    get: async (key) => models.get(key)?.slice(0) ?? null,
    put: async (key, bytes) => void models.set(key, bytes.slice(0)),
    async keepOnly(key) {
      for (const other of models.keys()) if (other !== key) models.delete(other);
    },
    async takeTurn({ key, signal, onWait }) {
      for (let ahead = turns.get(key); ahead !== undefined; ahead = turns.get(key)) {
        onWait();
        const stopped = new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
        await Promise.race([ahead, stopped]);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      turns.set(key, promise);
      return async () => {
        turns.delete(key);
        resolve();
      };
    },
  };
}
