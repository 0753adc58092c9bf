import type { HistoryEntry, Store } from './store.ts';

export type Subscription = {
  /** Starts after this entry of the history; without it, starts with the next new entry. */
  readonly afterSeq?: number;
  /** Called once for each entry, in the order of `seq`. */
  readonly onEvent: (entry: HistoryEntry) => void;
};

/** New history entries of all processes, read from the database, so that a reader can resume by `seq`. */
export type EventFeed = {
  /** Returns the function that ends the subscription. */
  subscribe(subscription: Subscription): () => void;
};

/** Entries per read. */
const PAGE = 500;
/** How often to read without a notification, in case one was lost with its connection. */
const LOOK_AGAIN_MS = 2_000;

type Subscriber = { cursor: number; live: boolean; readonly onEvent: (entry: HistoryEntry) => void };

/**
 * One reader of the history for all subscribers. It reads by `seq` alone; a notification only makes it read now.
 * Entries become visible in the order of `seq` (history.ts), so the reader cannot miss one.
 */
export async function createEventFeed(options: {
  store: Pick<Store, 'history' | 'onHistory'>;
  onError?: (error: unknown) => void;
}): Promise<EventFeed & { close(): Promise<void> }> {
  const { store, onError } = options;
  const subscribers = new Set<Subscriber>();
  let lastSeq = await store.history.lastSeq();
  let reading = false;
  let again = false;
  let closed = false;

  const hand = (subscriber: Subscriber, entry: HistoryEntry) => {
    // A subscriber that is catching up may already have read this entry.
    if (!subscribers.has(subscriber) || entry.seq <= subscriber.cursor) return;
    subscriber.cursor = entry.seq;
    try {
      subscriber.onEvent(entry);
    } catch (error) {
      onError?.(error);
    }
  };

  const readOn = async () => {
    again = true;
    if (reading) return;
    reading = true;
    try {
      while (again && !closed) {
        again = false;
        const entries = await store.history.after(lastSeq, PAGE);
        for (const entry of entries) {
          lastSeq = entry.seq;
          for (const subscriber of subscribers) if (subscriber.live) hand(subscriber, entry);
        }
        if (entries.length === PAGE) again = true;
      }
    } catch (error) {
      if (!closed) onError?.(error);
    } finally {
      reading = false;
    }
  };

  /** Reads what a subscriber missed, up to the entries that the live subscribers have seen. */
  const catchUp = async (subscriber: Subscriber) => {
    try {
      // A seq that this database has never reached comes from another database: there is nothing to catch up on.
      if (subscriber.cursor > lastSeq) subscriber.cursor = Math.min(subscriber.cursor, await store.history.lastSeq());
      while (!closed && subscribers.has(subscriber) && subscriber.cursor < lastSeq) {
        const entries = await store.history.after(subscriber.cursor, PAGE);
        if (entries.length === 0) break;
        for (const entry of entries) hand(subscriber, entry);
      }
      // There was no await since the last comparison, so no entry has come in between.
      subscriber.live = true;
    } catch (error) {
      if (closed) return;
      onError?.(error);
      setTimeout(() => void catchUp(subscriber), LOOK_AGAIN_MS).unref();
    }
  };

  const stopListening = await store.onHistory(() => void readOn());
  const timer = setInterval(() => void readOn(), LOOK_AGAIN_MS);
  timer.unref();

  return {
    subscribe({ afterSeq, onEvent }) {
      const subscriber: Subscriber = { cursor: afterSeq ?? lastSeq, live: afterSeq === undefined, onEvent };
      subscribers.add(subscriber);
      if (afterSeq !== undefined) void catchUp(subscriber);
      return () => subscribers.delete(subscriber);
    },
    async close() {
      closed = true;
      subscribers.clear();
      clearInterval(timer);
      await stopListening();
    },
  };
}
