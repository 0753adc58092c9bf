/** Where processes that train on the same examples share the result. */
export type ModelCache = {
  /** The bytes of a key's model; null when there is none. */
  get(key: string): Promise<ArrayBuffer | null>;
  put(key: string, bytes: ArrayBuffer): Promise<void>;
  /** Deletes the models of all other keys. */
  keepOnly(key: string): Promise<void>;
  /**
   * Resolves when no other process trains this key, with the function that ends this process's turn. `onWait` is called
   * when another one is at it; rejects when the signal aborts first. A process that ends gives up its turn.
   */
  takeTurn(options: { key: string; signal: AbortSignal; onWait: () => void }): Promise<() => Promise<void>>;
};
