// The messages between the main thread and the thread of the embedded store.

/** A transaction's number; null: the statement is a transaction of its own. */
export type TransactionId = number | null;

export type Statement = {
  readonly text: string;
  /** Null: one or more statements without values. */
  readonly values: readonly unknown[] | null;
  readonly rowMode?: 'array' | 'object';
  /** Types (OIDs) whose values are returned as PostgreSQL writes them. */
  readonly asText?: readonly number[];
};

/** A part of a transaction; a whole one when it begins and ends here. */
export type TransactionPart = {
  readonly transaction: TransactionId;
  readonly begins: boolean;
  /** Null: more parts will follow. A transaction whose part failed only ends by `rollback`. */
  readonly ends: 'commit' | 'rollback' | null;
  /** Goes before other waiting transactions and statements. */
  readonly urgent: boolean;
  readonly statements: readonly Statement[];
};

export type PgliteCalls = {
  /** `packed`: the file to unpack a new store from; null: create an empty one, or open the one in the folder. */
  open: { input: { readonly folder: string; readonly packed: string | null }; output: null };
  /** Replies with the rows of each statement; of one without values, with those of each of its statements. */
  run: { input: TransactionPart; output: PgliteRows[][] };
  listen: { input: { readonly channel: string }; output: null };
  unlisten: { input: { readonly channel: string }; output: null };
  close: { input: null; output: null };
};
export type PgliteCall = keyof PgliteCalls;

/** Mutable, because drizzle and pg-boss ask for that. */
export type PgliteRows = { rows: Record<string, unknown>[]; affectedRows?: number };

export type PgliteRequest = {
  [Call in PgliteCall]: { readonly id: number; readonly call: Call; readonly input: PgliteCalls[Call]['input'] };
}[PgliteCall];

/** What is kept of a driver's error. Its detail, query and parameters are not: they hold ticket text. */
export type PgliteFailure = { readonly message: string; readonly code?: string; readonly constraint?: string };

export type PgliteMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: PgliteFailure }
  | { readonly kind: 'notification'; readonly channel: string; readonly payload: string };
