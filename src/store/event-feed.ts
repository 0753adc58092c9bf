import type { HistoryEntry } from './store.ts';

export type Subscription = {
  /** Starts after this entry of the history; with what comes from now on when missing. */
  readonly afterSeq?: number;
  /** Called for each entry in the order of `seq`, each once. */
  readonly onEvent: (entry: HistoryEntry) => void;
};

/** History as it is written, by whichever process; fed from the database, so a reader can resume by `seq`. */
export type EventFeed = {
  /** Answers the function that ends the subscription. */
  subscribe(subscription: Subscription): () => void;
};
