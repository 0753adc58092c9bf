// The messages between the main thread and the thread of the embedded store.

/** A transaction's number; null: the statement is a transaction of its own. */
export type TransactionId = number | null;

export type PgliteCalls = {
  /** `packed`: the file to unpack a new store from; null: create an empty one, or open the one in the folder. */
  open: { input: { readonly folder: string; readonly packed: string | null }; output: null };
  query: {
    input: {
      readonly transaction: TransactionId;
      readonly text: string;
      readonly values: readonly unknown[];
      readonly rowMode?: 'array' | 'object';
      /** Types (OIDs) whose values are returned as PostgreSQL writes them. */
      readonly asText?: readonly number[];
    };
    output: PgliteRows;
  };
  /** One or more statements without values; returns the rows of each. */
  exec: { input: { readonly transaction: TransactionId; readonly text: string }; output: PgliteRows[] };
  /** Replies with the transaction's number once all earlier statements and transactions are done. */
  begin: { input: null; output: number };
  end: { input: { readonly transaction: number; readonly commit: boolean }; output: null };
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
