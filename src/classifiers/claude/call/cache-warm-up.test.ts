import { expect, test } from 'vitest';
import { createCacheWarmUp } from './cache-warm-up.ts';

const { signal } = new AbortController();
const setUp = () => {
  let at = 0;
  const warmUp = createCacheWarmUp({ now: () => at });
  return {
    enter: (key = 'prompt', own = signal) => warmUp.enter({ key, signal: own }),
    advance: (ms: number) => {
      at += ms;
    },
  };
};

/** True if a promise is settled after one turn of the event loop. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

test('the others wait until the first response begins, and are then sent together', async () => {
  const { enter } = setUp();
  const first = await enter();
  const others = [enter(), enter()];
  expect(await isSettled(Promise.race(others))).toBe(false);
  first.began(true);
  await Promise.all(others);
});

test('when the first one fails, one of the others goes first', async () => {
  const { enter } = setUp();
  const first = await enter();
  const second = enter();
  const third = enter();
  first.began(false);
  const next = await second;
  expect(await isSettled(third)).toBe(false);
  next.began(true);
  await third;
});

test('a request with another prompt does not wait', async () => {
  const { enter } = setUp();
  await enter('one');
  expect(await isSettled(enter('two'))).toBe(true);
});

test('no request waits while the prompt is cached, and one goes first again when the cache entry has expired', async () => {
  const { enter, advance } = setUp();
  (await enter()).began(true);
  advance(200_000);
  (await enter()).began(true); // reading keeps it warm
  advance(200_000);
  expect(await isSettled(enter())).toBe(true);
  advance(300_000);
  await enter();
  expect(await isSettled(enter())).toBe(false);
});

test('a request that is cancelled while waiting rejects with the reason', async () => {
  const { enter } = setUp();
  await enter();
  const giveUp = new AbortController();
  const waiting = enter('prompt', giveUp.signal);
  giveUp.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});
