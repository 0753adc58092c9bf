import { expect, test } from 'vitest';
import { createLimiter } from './limiter.ts';

const never = new AbortController().signal;

test('no more calls than allowed run at once, and they start in order of arrival', async () => {
  const limiter = createLimiter(2);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 10 }, async (_, at) => {
      const release = await limiter.acquire(never);
      running += 1;
      most = Math.max(most, running);
      order.push(at);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      release();
    }),
  );
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a call that gives up while waiting does not keep a place', async () => {
  const limiter = createLimiter(1);
  const release = await limiter.acquire(never);
  const giveUp = new AbortController();
  const waiting = limiter.acquire(giveUp.signal);
  giveUp.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  release();
  release();
  const next = await limiter.acquire(never);
  const refused = limiter.acquire(AbortSignal.abort(new Error('late')));
  await expect(refused).rejects.toThrow('late');
  next();
});

test('a lower limit does not stop running calls, and a higher one starts waiting calls', async () => {
  const limiter = createLimiter(2);
  const [first, second] = [await limiter.acquire(never), await limiter.acquire(never)];
  limiter.resize(1);
  const entered: string[] = [];
  const third = limiter.acquire(never).then((release) => {
    entered.push('third');
    return release;
  });
  const fourth = limiter.acquire(never).then(() => entered.push('fourth'));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  first();
  await turn();
  expect(entered).toEqual([]);
  second();
  await turn();
  expect(entered).toEqual(['third']);
  limiter.resize(2);
  await fourth;
  (await third)();
});
