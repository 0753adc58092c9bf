import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Pool } from 'pg';
import type { Guard } from './database-error.ts';
import type { AssertRoom } from './disk-room.ts';

/** What both drivers return for raw SQL. An interface, because drizzle derives `type` from its higher-kinded type. */
interface RowsHKT extends PgQueryResultHKT {
  type: { rows: Record<string, unknown>[] };
}

/** A drizzle database or transaction, with either driver. */
export type Executor = PgDatabase<RowsHKT, Record<string, never>>;

/** The part of a PGlite's interface that is used here: in the program that of `PgliteClient`, in tests a PGlite itself. */
export type EmbeddedDatabase = {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  /** One or more statements; returns the rows of each. */
  exec(text: string): Promise<{ rows: Record<string, unknown>[] }[]>;
  listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>>;
  /** The same database, where statements and transactions go before others that wait; missing where none wait. */
  readonly urgent?: EmbeddedDatabase;
  /** Runs the last steps of the transaction that this is called in, and commits with them; see StoreTransaction. */
  finish?: RunSteps;
  /** When something urgent was last asked for, by `performance.now()`; missing where nothing is urgent. */
  readonly urgentAt?: number;
  /** Resolves with the cause when the database's thread ends by itself; missing where there is no thread. */
  readonly lost?: Promise<Error>;
  readonly closed: boolean;
  close(): Promise<void>;
};

/** The driver behind a store. */
export type Connection =
  /** `assertRoom` rejects while the disk is too full to write. */
  | { readonly kind: 'embedded'; readonly pglite: EmbeddedDatabase; readonly assertRoom: AssertRoom }
  | { readonly kind: 'postgresql'; readonly pool: Pool; readonly databaseUrl: string };

/** What `urgent` says holds on the embedded store, the rest on PostgreSQL. */
export type TransactionOptions = {
  /** It goes before all others that wait for the only connection. */
  readonly urgent?: boolean;
  /**
   * It holds its locks for as short as possible: others see what it wrote, and may lock it, some milliseconds before it is on the
   * disk. It resolves when that is so, like any other. Who acts on what others wrote outside the database calls
   * `Store.flush` before, or reads it in a transaction with `locksOnly`.
   */
  readonly releasesEarly?: boolean;
  /** It reads and locks, and writes nothing. It resolves when all that it could see is on the disk. */
  readonly locksOnly?: boolean;
};

export type RunSteps = (steps: readonly (() => Promise<unknown>)[]) => Promise<unknown[]>;

/** A transaction with its two ways to send statements together; StoreTransaction says what they promise. */
export type OpenTransaction = { readonly executor: Executor; readonly together: RunSteps; readonly finish: RunSteps };

/** What differs between the two databases; open-store.ts builds a Store from it. */
export type Backend = {
  readonly executor: Executor;
  /** As `Store` has it. */
  transaction<T>(work: (transaction: OpenTransaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  flush(): Promise<void>;
  readonly connection: Connection;
  readonly location: string;
  readonly guard: Guard;
  /** Calls `listener` after each commit that notifies this channel; returns the function that stops listening. */
  listen(channel: Channel, listener: () => void): Promise<() => Promise<void>>;
  ping(): Promise<void>;
  announceUrl(url: string): void;
  close(): Promise<void>;
};

/** A database that is open for reading: its session refuses to write. */
export type Readable = {
  readonly executor: Executor;
  readonly location: string;
  close(): Promise<void>;
};

/** The channel that `history.append` notifies. */
export const HISTORY_CHANNEL = 'switchboard_history';
/** The channel that is notified when examples are written. */
export const EXAMPLES_CHANNEL = 'switchboard_examples';
/** The channel that is notified when circuit breakers are written. */
export const BREAKERS_CHANNEL = 'switchboard_breakers';
/** The channel that is notified when calibrations are written. */
export const CALIBRATIONS_CHANNEL = 'switchboard_calibrations';
/** The channel that is notified by a process in which what arrives takes long to be stored. */
export const ARRIVALS_CHANNEL = 'switchboard_arrivals';
export type Channel =
  | typeof HISTORY_CHANNEL
  | typeof EXAMPLES_CHANNEL
  | typeof BREAKERS_CHANNEL
  | typeof CALIBRATIONS_CHANNEL
  | typeof ARRIVALS_CHANNEL;
