/** Shares trained models between processes that have the same examples. */
export type ModelCache = {
  /** Returns the bytes of a model; null when there is none for this key. */
  get(key: string): Promise<ArrayBuffer | null>;
  put(key: string, bytes: ArrayBuffer): Promise<void>;
  /** Deletes the models of all other keys. */
  keepOnly(key: string): Promise<void>;
  /**
   * Waits until no other process trains this key. Resolves with the function that ends the turn of this process.
   * `onWait` is called when it has to wait; rejects when the signal aborts first. The turn of a process that ends is
   * over.
   */
  takeTurn(options: { key: string; signal: AbortSignal; onWait: () => void }): Promise<() => Promise<void>>;
};
