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

/** Whether a promise is settled once everything that could run has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

test('the others wait until the first response begins, and then go together', async () => {
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

test('another prompt is not waited for', async () => {
  const { enter } = setUp();
  await enter('one');
  expect(await isSettled(enter('two'))).toBe(true);
});

test('nobody waits while the prompt is warm, and one goes first again when it has cooled down', async () => {
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

test('one that gives up while waiting gets the reason', async () => {
  const { enter } = setUp();
  await enter();
  const giveUp = new AbortController();
  const waiting = enter('prompt', giveUp.signal);
  giveUp.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});
