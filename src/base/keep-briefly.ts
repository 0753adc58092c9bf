/**
 * Returns a function that calls `find` when nothing is kept; callers meanwhile wait for the same result. What fails is not
 * kept.
 */
export function keepBriefly<T>(options: {
  readonly find: () => Promise<T>;
  /** For how long a result is given again. */
  readonly keptMs: (found: T) => number;
  /** Milliseconds, for tests. */
  readonly now?: () => number;
}): () => Promise<T> {
  const { find, keptMs, now = () => performance.now() } = options;
  let kept: { readonly found: T; readonly untilMs: number } | null = null;
  let finding: Promise<T> | null = null;
  return () => {
    if (kept !== null && now() < kept.untilMs) return Promise.resolve(kept.found);
    finding ??= find()
      .then((found) => {
        kept = { found, untilMs: now() + keptMs(found) };
        return found;
      })
      .finally(() => {
        finding = null;
      });
    return finding;
  };
}
