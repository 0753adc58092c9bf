import type { Pool, PoolClient } from 'pg';
import { SwitchboardError } from '../errors.ts';
import type { TransactionOptions } from './database.ts';

type Query = (config: unknown, values?: unknown) => Promise<{ readonly command: string }>;
type Step = () => Promise<unknown>;

/** Lets the next COMMIT of this transaction end without waiting for the disk. */
const COMMIT_AT_ONCE = 'set local synchronous_commit = off';
/**
 * A transaction that writes an empty message to the log and nothing else: it resolves once the log is where the server's
 * settings ask it to be, with all that was committed before it.
 */
export const FLUSH = `select pg_logical_emit_message(true, 'switchboard', '')`;

/**
 * A transaction on a connection of its own. Its client sends a statement without waiting for those before it (pg's
 * `pipeline`), so that BEGIN travels with the first statement, statements that do not need each other's results travel
 * together, and COMMIT with the last ones. A statement after one that failed is refused by the server, and COMMIT rolls back.
 */
export class PostgresqlTransaction {
  readonly #query: Query;
  readonly #options: TransactionOptions;
  #begun: Promise<unknown> | null = null;
  #ended = false;
  /** Called when a statement is called. */
  #onCall = () => {};

  constructor(client: PoolClient, options: TransactionOptions = {}) {
    this.#query = client.query.bind(client) as Query; // The cast: one of its many signatures.
    this.#options = options;
  }

  /** The part of a client that drizzle uses. */
  query(config: unknown, values?: unknown): Promise<unknown> {
    if (this.#ended) return Promise.reject(new Error('this transaction has ended'));
    if (this.#begun === null) {
      this.#begun = this.#query('begin');
      // Where it fails, all that follows fails as well.
      this.#begun.catch(() => {});
    }
    const result = this.#query(config, values);
    this.#onCall();
    return result;
  }

  /** Runs steps in their order; one does not wait for the result of the one before. */
  async together(steps: readonly Step[]): Promise<unknown[]> {
    return settle(await this.#call(steps));
  }

  /** The same, and ends the transaction with them. */
  async finish(steps: readonly Step[]): Promise<unknown[]> {
    const running = await this.#call(steps);
    const [results, ended] = await Promise.allSettled([settle(running), this.end()]);
    if (results.status === 'rejected') throw results.reason;
    if (ended.status === 'rejected') throw ended.reason;
    return results.value;
  }

  /** Does nothing after `finish`. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#begun === null) return;
    const { locksOnly = false, releasesEarly = false } = this.#options;
    const end = locksOnly ? 'rollback' : 'commit';
    // Where a statement has failed, this one does too, and the end says so.
    if (releasesEarly) this.#query(COMMIT_AT_ONCE).catch(() => {});
    const [{ command }] = await Promise.all([
      this.#query(end),
      ...(releasesEarly || locksOnly ? [this.#query(FLUSH)] : []),
    ]);
    if (command === end.toUpperCase()) return;
    const message = 'A transaction was rolled back, because one of its statements had failed.';
    throw new SwitchboardError({ code: 'internal', message });
  }

  /** Does nothing after the end. Rejects when the connection cannot be used any more. */
  async rollback(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#begun !== null) await this.#query('rollback');
  }

  /** Starts each step when the one before has called its statement, or ended without one. Rejects when a step fails before. */
  async #call(steps: readonly Step[]): Promise<Promise<unknown>[]> {
    const running: Promise<unknown>[] = [];
    for (const step of steps) {
      const called = new Promise<void>((resolve) => {
        this.#onCall = resolve;
      });
      const result = (async () => step())();
      result.catch(() => {}); // read by `settle`
      running.push(result);
      await Promise.race([called, result]);
    }
    return running;
  }
}

/** Waits for all. Rejects with the first error in the order of the steps: it is why later ones failed. */
async function settle(running: readonly Promise<unknown>[]): Promise<unknown[]> {
  await Promise.allSettled(running);
  return Promise.all(running);
}

/** Ends the transaction when `work` resolves, rolls back when it rejects. */
export async function runPostgresqlTransaction<Result>(
  { pool, options }: { pool: Pool; options: TransactionOptions | undefined },
  work: (transaction: PostgresqlTransaction) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  const transaction = new PostgresqlTransaction(client, options);
  let broken = false;
  try {
    const result = await work(transaction);
    await transaction.end();
    return result;
  } catch (error) {
    // The first error is the cause.
    await transaction.rollback().catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
