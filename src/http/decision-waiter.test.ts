import { expect, test } from 'vitest';
import type { HistoryEntry, TicketRecord } from '../store/store.ts';
import { createDecisionWaiter } from './decision-waiter.ts';

/** A store with one ticket, and a feed that the test drives. */
function createFakeApp() {
  let record = { ticketId: 't-1', state: 'received' } as TicketRecord;
  let reads = 0;
  let onEvent: ((entry: HistoryEntry) => void) | null = null;
  const read = { next: Promise.withResolvers<void>() };
  const app = {
    events: {
      subscribe: (subscription: { onEvent: (entry: HistoryEntry) => void }) => {
        onEvent = subscription.onEvent;
        return () => {
          onEvent = null;
        };
      },
    },
    store: {
      tickets: {
        getRecord: async () => {
          reads += 1;
          read.next.resolve();
          return record;
        },
      },
    },
  };
  return {
    // The cast: the waiter calls nothing else of an app.
    app: app as unknown as Parameters<typeof createDecisionWaiter>[0],
    /** Resolves once the record has been read as often as this. */
    async readTimes(times: number) {
      while (reads < times) {
        await read.next.promise;
        read.next = Promise.withResolvers();
      }
    },
    decide: (state: TicketRecord['state']) => {
      record = { ...record, state };
      onEvent?.({ event: 'decided', ticketId: 't-1' } as HistoryEntry);
    },
    isWatched: () => onEvent !== null,
  };
}

test('waits on when the decision was that of an earlier revision', async () => {
  const fake = createFakeApp();
  const waiter = createDecisionWaiter(fake.app);
  const waiting = waiter.waitFor({ ticketId: 't-1', waitMs: 60_000 });
  await fake.readTimes(1);
  fake.decide('received');
  await fake.readTimes(2);
  fake.decide('decided');
  expect(await waiting).toMatchObject({ state: 'decided' });
  expect(fake.isWatched()).toBe(false);
});

test('returns nothing for a ticket that is not decided when the server closes', async () => {
  const fake = createFakeApp();
  const waiter = createDecisionWaiter(fake.app);
  const waiting = waiter.waitFor({ ticketId: 't-1', waitMs: 60_000 });
  await fake.readTimes(1);
  waiter.close();
  expect(await waiting).toBeNull();
  expect(fake.isWatched()).toBe(false);
});
