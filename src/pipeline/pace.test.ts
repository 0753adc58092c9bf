import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPace, type Pace } from './pace.ts';
import { createPipeline } from './pipeline.ts';
import type { PipelineContext } from './pipeline-context.ts';

const never = new AbortController().signal;

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

/** One ticket is stored every 10 ms for so long, each within `tookMs`. */
async function arrive(pace: Pace, { forMs, tookMs }: { forMs: number; tookMs: number }): Promise<void> {
  for (let at = 0; at < forMs; at += 10) {
    pace.stored(tookMs);
    await vi.advanceTimersByTimeAsync(10);
  }
}

/** Asks for so many turns; returns how many have come so far. */
function ask(pace: Pace, turns: number): () => number {
  let come = 0;
  for (let turn = 0; turn < turns; turn++) void pace.turn(never).then(() => come++);
  return () => come;
}

test('decisions start at once while tickets are stored quickly', async () => {
  const pace = createPace();
  await arrive(pace, { forMs: 1_000, tookMs: 5 });
  const come = ask(pace, 100);
  await vi.advanceTimersByTimeAsync(0);
  expect(come()).toBe(100);
  expect(pace.groupWaitMs()).toBe(2);
});

test('while storing takes long, fifty decisions a second start, eight together', async () => {
  const pace = createPace();
  await arrive(pace, { forMs: 2_000, tookMs: 60 });
  const come = ask(pace, 200);
  const seen = new Set<number>();
  for (let second = 0; second < 2; second++) {
    for (let at = 0; at < 1_000; at += 10) {
      pace.stored(60);
      await vi.advanceTimersByTimeAsync(10);
      seen.add(come());
    }
  }
  expect(come()).toBeGreaterThanOrEqual(96);
  expect(come()).toBeLessThanOrEqual(112);
  expect([...seen].every((count) => count % 8 === 0)).toBe(true);
  expect(pace.groupWaitMs()).toBe(40);
});

test('one slow moment delays decisions for less than a second, and all that wait start', async () => {
  const pace = createPace();
  await arrive(pace, { forMs: 200, tookMs: 60 });
  const come = ask(pace, 300);
  await arrive(pace, { forMs: 1_000, tookMs: 5 });
  expect(come()).toBe(300);
  expect(pace.groupWaitMs()).toBe(2);
});

test('decisions start at once again when no ticket arrives any more', async () => {
  const pace = createPace();
  await arrive(pace, { forMs: 2_000, tookMs: 60 });
  await vi.advanceTimersByTimeAsync(2_000);
  const come = ask(pace, 50);
  await vi.advanceTimersByTimeAsync(0);
  expect(come()).toBe(50);
});

test('a stopped worker gets no turn, whether it waits or asks later, and the others keep theirs', async () => {
  const pace = createPace();
  await arrive(pace, { forMs: 2_000, tookMs: 60 });
  const stop = new AbortController();
  const stopped = Array.from({ length: 20 }, () => pace.turn(stop.signal));
  const come = ask(pace, 3);
  stop.abort();
  const results = await Promise.all([...stopped, pace.turn(stop.signal)]);
  // Those of the first eight may have started before.
  expect(results.slice(8)).toEqual(results.slice(8).map(() => false));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(come()).toBe(3);
});

test('a worker starts less at once when another process reports that what arrives there takes long', async () => {
  // The cast: building the steps needs no more of a context.
  const store = { kind: 'postgresql', tickets: {}, deliveries: {} };
  const pipeline = createPipeline({ store, connectors: new Map() } as unknown as PipelineContext);
  const paces = [pipeline.pace, pipeline.receivePace];
  for (let at = 0; at < 2_000; at += 50) {
    pipeline.hearOfSlowArrivals();
    await vi.advanceTimersByTimeAsync(50);
  }
  const come = paces.map((pace) => ask(pace, 100));
  await vi.advanceTimersByTimeAsync(0);
  for (const count of come) expect(count()).toBeLessThan(100);
  await vi.advanceTimersByTimeAsync(5_000);
  for (const count of come) expect(count()).toBe(100);
});
