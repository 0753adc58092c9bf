import type { HistoryEntry, Store } from './store.ts';

export type Subscription = {
  /** Starts after this entry of the history; without it, starts with the next new entry. */
  readonly afterSeq?: number;
  /** Called once for each entry, in the order of `seq`. */
  readonly onEvent: (entry: HistoryEntry) => void;
  /**
   * True for a reader whom a quarter of a second makes no difference. While there are no others, the store is read less
   * often, and a subscription without `afterSeq` may start with entries of the last quarter of a second.
   */
  readonly isPatient?: boolean;
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
/**
 * Least time between two reads. Under load there is a notification every few milliseconds, and each read holds up what is
 * written to an embedded store. The first notification after a pause is followed by a read at once.
 */
const PROMPT_MS = 20;
const PATIENT_MS = 250;

type Subscriber = Pick<Subscription, 'onEvent' | 'isPatient'> & { cursor: number; live: boolean };

/**
 * One reader of the history for all subscribers. It reads by `seq` alone; a notification only makes it read soon.
 * Entries become visible in the order of `seq` (history.ts), so the reader cannot miss one.
 */
export async function createEventFeed(options: {
  store: Pick<Store, 'history' | 'onHistory' | 'flush'>;
  onError?: (error: unknown) => void;
}): Promise<EventFeed & { close(): Promise<void> }> {
  const { store, onError } = options;
  const subscribers = new Set<Subscriber>();
  let lastSeq = await store.history.lastSeq();
  await store.flush();
  let reading = false;
  let again = false;
  let closed = false;
  let lastReadAt = Number.NEGATIVE_INFINITY;
  /** Runs until the next read; null while none is due. */
  let waiting: NodeJS.Timeout | null = null;

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

  const leastPause = () => ([...subscribers].some(({ isPatient }) => isPatient !== true) ? PROMPT_MS : PATIENT_MS);

  /**
   * Reads entries that no crash of the server can take back, because a reader that has seen the `seq` of such an entry would
   * miss the one that gets it afterwards.
   */
  const read = async (afterSeq: number): Promise<readonly HistoryEntry[]> => {
    const entries = await store.history.after(afterSeq, PAGE);
    if (entries.length > 0) await store.flush();
    return entries;
  };

  /** Reads now, or as soon as the pause after the last read is over. */
  const readSoon = () => {
    if (closed) return;
    if (reading) {
      again = true;
      return;
    }
    clearTimeout(waiting ?? undefined);
    const pauseMs = lastReadAt + leastPause() - performance.now();
    if (pauseMs <= 0) void readOn();
    else waiting = setTimeout(() => void readOn(), pauseMs).unref();
  };

  const readOn = async () => {
    waiting = null;
    reading = true;
    again = false;
    lastReadAt = performance.now();
    try {
      for (let more = true; more && !closed; ) {
        const entries = await read(lastSeq);
        for (const entry of entries) {
          lastSeq = entry.seq;
          for (const subscriber of subscribers) if (subscriber.live) hand(subscriber, entry);
        }
        more = entries.length === PAGE;
      }
    } catch (error) {
      if (!closed) onError?.(error);
    } finally {
      reading = false;
      if (again) readSoon();
    }
  };

  /** Reads what a subscriber missed, up to the entries that the live subscribers have seen. */
  const catchUp = async (subscriber: Subscriber) => {
    try {
      // A seq that this database has never reached comes from another database: there is nothing to catch up on.
      if (subscriber.cursor > lastSeq) subscriber.cursor = Math.min(subscriber.cursor, await store.history.lastSeq());
      while (!closed && subscribers.has(subscriber) && subscriber.cursor < lastSeq) {
        const entries = await read(subscriber.cursor);
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

  const stopListening = await store.onHistory(readSoon);
  const timer = setInterval(readSoon, LOOK_AGAIN_MS);
  timer.unref();

  return {
    subscribe({ afterSeq, onEvent, isPatient = false }) {
      const subscriber: Subscriber = { cursor: afterSeq ?? lastSeq, live: afterSeq === undefined, onEvent, isPatient };
      subscribers.add(subscriber);
      // A read that only patient ones waited for is due sooner now.
      if (waiting !== null) readSoon();
      if (afterSeq !== undefined) void catchUp(subscriber);
      return () => subscribers.delete(subscriber);
    },
    async close() {
      closed = true;
      subscribers.clear();
      clearInterval(timer);
      clearTimeout(waiting ?? undefined);
      await stopListening();
    },
  };
}
