import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { startUpkeep } from './start-upkeep.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a task runs at once and then regularly, even after it failed', async () => {
  let runs = 0;
  const warned: unknown[] = [];
  const stop = startUpkeep({
    name: 'sweep',
    task: async () => {
      runs += 1;
      if (runs === 1) throw new RangeError('not now');
    },
    logger: { ...silentLogger, warn: (facts: unknown) => warned.push(facts) },
    everyMs: 1_000,
  });
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(runs).toBe(3);
  expect(warned).toEqual([{ task: 'sweep', failure: 'an internal error (RangeError)' }]);
  await stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(runs).toBe(3);
});

test('stopping waits for the current run and starts no other', async () => {
  const task = Promise.withResolvers<void>();
  let stopped = false;
  const stop = startUpkeep({ name: 'sweep', task: () => task.promise, logger: silentLogger, everyMs: 1_000 });
  const stopping = stop().then(() => {
    stopped = true;
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(stopped).toBe(false);
  task.resolve();
  await stopping;
  expect(vi.getTimerCount()).toBe(0);
});
