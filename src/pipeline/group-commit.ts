import { StoreUnavailableError } from '../errors.ts';

export type GroupCommit<Item, Result> = {
  /** Resolves or rejects once the item's transaction has ended. */
  submit(item: Item): Promise<Result>;
};

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Commits items that arrive at about the same time in one transaction, because a commit costs about the same for one
 * row as for a hundred. While one transaction runs, the next group gathers.
 *
 * If a group fails, its items are tried one by one, so that a bad item fails alone. If the store is unavailable, the
 * whole group is rejected.
 */
export function createGroupCommit<Item, Result>(options: {
  /** Commits all items in one transaction; returns a result for each, in the same order. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** How long the first item of a group waits for others, in milliseconds; null: until the end of this turn of the event loop. */
  readonly waitMs: () => number | null;
  readonly maxItems: number;
}): GroupCommit<Item, Result> {
  const { commit, waitMs, maxItems } = options;
  const waiting: Waiting<Item, Result>[] = [];
  let running = false;
  let isDue = false;

  const commitGroup = async (group: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await commit(group.map(({ item }) => item));
      if (results.length !== group.length) throw new TypeError('commit() must return one result for each item');
      group.forEach(({ resolve }, index) => {
        // The lengths are equal.
        resolve(results[index] as Result);
      });
    } catch (error) {
      if (group.length === 1 || error instanceof StoreUnavailableError) {
        for (const { reject } of group) reject(error);
        return;
      }
      for (const one of group) await commitGroup([one]);
    }
  };

  const run = async () => {
    isDue = false;
    if (running) return;
    running = true;
    while (waiting.length > 0) await commitGroup(waiting.splice(0, maxItems));
    running = false;
  };

  return {
    submit(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        // Items that arrive during a commit form the next group, which needs no timer.
        if (running || isDue) return;
        isDue = true;
        const wait = waitMs();
        if (wait === null) setImmediate(run);
        else setTimeout(run, wait);
      });
    },
  };
}

/**
 * The same for reads: keys that are requested at about the same time share one query. Resolves with null for no value.
 */
export function createGroupRead<Value>(options: {
  readonly read: (keys: readonly string[]) => Promise<readonly Value[]>;
  readonly keyOf: (value: Value) => string;
}): (key: string) => Promise<Value | null> {
  const group = createGroupCommit<string, Value | null>({
    commit: async (keys) => {
      const values = await options.read([...new Set(keys)]);
      const byKey = new Map(values.map((value) => [options.keyOf(value), value]));
      return keys.map((key) => byKey.get(key) ?? null);
    },
    waitMs: () => 0,
    maxItems: 100,
  });
  return (key) => group.submit(key);
}
