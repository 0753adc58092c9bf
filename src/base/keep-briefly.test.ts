import { expect, test } from 'vitest';
import { keepBriefly } from './keep-briefly.ts';

test('a result is given again for a while, and callers at the same time share one', async () => {
  let now = 0;
  let calls = 0;
  const read = keepBriefly({ now: () => now, keptMs: () => 10, find: async () => ++calls });
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
  now = 9;
  expect(await read()).toBe(1);
  now = 10;
  expect(await read()).toBe(2);
});

test('what fails is not kept', async () => {
  let calls = 0;
  const read = keepBriefly({
    keptMs: () => 60_000,
    find: async () => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return calls;
    },
  });
  await expect(read()).rejects.toThrow('not yet');
  expect(await read()).toBe(2);
});
