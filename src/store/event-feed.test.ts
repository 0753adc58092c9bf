import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEventFeed } from './event-feed.ts';
import type { HistoryEntry } from './store.ts';

/** A history in memory that counts its reads. */
function createFakeStore() {
  const entries: HistoryEntry[] = [];
  let notify = () => {};
  let reads = 0;
  let onDisk = Promise.resolve();
  const store = {
    history: {
      append: async () => {},
      ofTicket: async () => [],
      lastSeq: async () => entries.length,
      after: async (seq: number, limit: number) => {
        reads += 1;
        return entries.slice(seq, seq + limit);
      },
    },
    flush: () => onDisk,
    onHistory: async (listener: () => void) => {
      notify = listener;
      return async () => {};
    },
  };
  return {
    store,
    reads: () => reads,
    /** Entries are on the disk once the returned function is called. */
    holdDisk() {
      const { promise, resolve } = Promise.withResolvers<void>();
      onDisk = promise;
      return resolve;
    },
    add(count = 1) {
      for (let i = 0; i < count; i++) entries.push({ seq: entries.length + 1, event: 'decided' } as HistoryEntry);
      notify();
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the feed of events', () => {
  const open = async (subscription: { isPatient?: boolean } = {}) => {
    const fake = createFakeStore();
    const feed = await createEventFeed({ store: fake.store });
    const seen: number[] = [];
    feed.subscribe({ ...subscription, onEvent: ({ seq }) => void seen.push(seq) });
    return { ...fake, feed, seen };
  };

  test('is read at once after a pause', async () => {
    const { add, seen } = await open();
    add();
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([1]);
  });

  test('hands on an entry once it is on the disk, since a crash of the database could take it back before', async () => {
    const { add, seen, holdDisk } = await open();
    const write = holdDisk();
    add();
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([]);
    write();
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([1]);
  });

  test('is read once for many commits within 20 ms, while somebody waits', async () => {
    const { add, seen, reads } = await open();
    for (let i = 0; i < 40; i++) {
      add();
      await vi.advanceTimersByTimeAsync(5);
    }
    await vi.advanceTimersByTimeAsync(20);
    expect(seen).toHaveLength(40);
    expect(reads()).toBeLessThanOrEqual(11);
  });

  test('is read four times a second while only patient readers listen, and nothing is missed', async () => {
    const { add, seen, reads } = await open({ isPatient: true });
    for (let i = 0; i < 200; i++) {
      add();
      await vi.advanceTimersByTimeAsync(5);
    }
    await vi.advanceTimersByTimeAsync(250);
    expect(seen).toHaveLength(200);
    expect(reads()).toBeLessThanOrEqual(6);
  });

  test('is prompt from the moment that somebody waits', async () => {
    const { add, feed, seen } = await open({ isPatient: true });
    add();
    await vi.advanceTimersByTimeAsync(30);
    add();
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([1]);
    feed.subscribe({ onEvent: () => {} });
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([1, 2]);
  });

  test('reads page after page without a pause', async () => {
    const { add, seen } = await open();
    add(1_200);
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toHaveLength(1_200);
  });

  test('is read no more once it is closed', async () => {
    const { add, feed, reads } = await open();
    add();
    await vi.advanceTimersByTimeAsync(0);
    add();
    await feed.close();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(reads()).toBe(1);
  });
});
