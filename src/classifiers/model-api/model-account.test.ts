import { expect, test } from 'vitest';
import { createModelAccount, createModelUse } from './model-account.ts';

test('concurrent calls are divided among the live processes, and each process keeps at least one', async () => {
  let count = 1;
  const listeners: (() => void)[] = [];
  const processes = { count: () => count, onChange: (listener: () => void) => void listeners.push(listener) };
  const { limiter } = createModelAccount({ use: createModelUse({ processes }), concurrency: 6 });
  const nobodyWaits = AbortSignal.abort(new Error('no place'));
  /** Counts the free places: takes one after another until the next would have to wait. */
  const countFree = async () => {
    const releases: (() => void)[] = [];
    for (;;) {
      const giveUp = new AbortController();
      const place = limiter.acquire(giveUp.signal);
      await Promise.resolve();
      giveUp.abort();
      const release = await place.catch(() => null);
      if (release === null) break;
      releases.push(release);
    }
    for (const release of releases) release();
    return releases.length;
  };
  const change = (next: number) => {
    count = next;
    for (const listener of listeners) listener();
  };
  await expect(limiter.acquire(nobodyWaits)).rejects.toThrow('no place');
  const found: number[] = [];
  for (const next of [1, 2, 4, 60, 3]) {
    change(next);
    found.push(await countFree());
  }
  expect(found).toEqual([6, 3, 1, 1, 2]);
});
