import { Worker } from 'node:worker_threads';
import type { EmbeddedDatabase } from '../database.ts';
import type { PgliteCall, PgliteCalls, PgliteMessage, PgliteRequest, PgliteRows, Statement } from './protocol.ts';
import { TransactionClient } from './transaction-client.ts';

const workerFile = import.meta.url.endsWith('.ts') ? './pglite-worker.ts' : './pglite-worker.js';

/** The options of a query that drizzle and pg-boss use. */
type QueryOptions = { readonly rowMode?: 'array' | 'object'; readonly parsers?: Readonly<Record<string, unknown>> };

export type PgliteStatements = {
  query(text: string, values?: readonly unknown[], options?: QueryOptions): Promise<PgliteRows>;
  exec(text: string): Promise<PgliteRows[]>;
};

type Pending = { readonly resolve: (output: unknown) => void; readonly reject: (error: Error) => void };

/**
 * A PGlite in a thread of its own, so that its statements do not block this one. It has the part of PGlite's interface
 * that drizzle and pg-boss use, with the same order: statements and transactions run one after another. Statements of
 * a transaction that are called at the same time travel in one message.
 */
export class PgliteClient implements EmbeddedDatabase {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #transactions = new Set<Promise<void>>();
  readonly #listeners = new Map<string, Set<(payload: string) => void>>();
  #nextId = 1;
  /** By `performance.now()`. */
  urgentAt = Number.NEGATIVE_INFINITY;
  /** What is sent at the end of this turn of the event loop. */
  #outbox: PgliteRequest[] = [];
  /** Why no call can be answered any more; null while the thread runs. */
  #ended: Error | null = null;
  #closing: Promise<void> | null = null;
  readonly #lost = Promise.withResolvers<Error>();
  /** Resolves with the cause when the thread ends by itself, after which this client never works again. */
  readonly lost: Promise<Error> = this.#lost.promise;

  private constructor() {
    this.#worker = new Worker(new URL(workerFile, import.meta.url), { execArgv: [], name: 'embedded-store' });
    let cause: unknown;
    this.#worker.on('message', (message: PgliteMessage) => this.#receive(message));
    this.#worker.on('error', (error) => {
      cause = error;
    });
    this.#worker.on('exit', () => this.#end(new Error('the thread of the embedded store has ended', { cause })));
    this.#worker.unref(); // An idle store does not keep the process alive; a pending call does.
  }

  /**
   * Opens the PGlite in this folder. In an empty folder it is created, or unpacked from the file `packed`. Rejects with
   * PGlite's error.
   */
  static async open(folder: string, packed: string | null = null): Promise<PgliteClient> {
    const client = new PgliteClient();
    try {
      await client.#call('open', { folder, packed });
    } catch (error) {
      await client.#worker.terminate();
      throw error;
    }
    return client;
  }

  /** For tests that terminate it. */
  get worker(): Worker {
    return this.#worker;
  }

  get closed(): boolean {
    return this.#closing !== null || this.#ended !== null;
  }

  query(text: string, values: readonly unknown[] = [], options: QueryOptions = {}): Promise<PgliteRows> {
    return this.#runAlone(toQuery(text, values, options), false).then(firstOf);
  }

  exec(text: string): Promise<PgliteRows[]> {
    return this.#runAlone({ text, values: null }, false);
  }

  /** Runs `work` within a transaction; commits when it resolves, and rolls back when it rejects. */
  transaction<Result>(work: (statements: PgliteStatements) => Promise<Result>): Promise<Result> {
    return this.#runTransaction(work, false);
  }

  /** Within a transaction: runs its last steps and commits, in one message (`TransactionClient.finish`). */
  finish(steps: readonly (() => Promise<unknown>)[]): Promise<unknown[]> {
    return TransactionClient.current.finish(steps);
  }

  /** This database, whose statements and transactions called here go before all others that wait. */
  get urgent() {
    const isClosed = () => this.closed;
    return {
      query: (text: string, values: readonly unknown[] = [], options: QueryOptions = {}) =>
        this.#runAlone(toQuery(text, values, options), true).then(firstOf),
      exec: (text: string) => this.#runAlone({ text, values: null }, true),
      transaction: <Result>(work: (statements: PgliteStatements) => Promise<Result>) =>
        this.#runTransaction(work, true),
      listen: (channel: string, listener: (payload: string) => void) => this.listen(channel, listener),
      close: () => this.close(),
      get closed() {
        return isClosed();
      },
    };
  }

  async #runAlone(statement: Statement, urgent: boolean): Promise<PgliteRows[]> {
    if (urgent) this.urgentAt = performance.now();
    const part = { transaction: null, begins: true, ends: 'commit', urgent, statements: [statement] } as const;
    const [results = []] = await this.#call('run', part);
    return results;
  }

  #runTransaction<Result>(work: (statements: PgliteStatements) => Promise<Result>, urgent: boolean): Promise<Result> {
    if (this.#closing !== null) return Promise.reject(closedError());
    if (urgent) this.urgentAt = performance.now();
    const transaction = new TransactionClient({ id: this.#nextId++, urgent, send: (part) => this.#send('run', part) });
    const running = transaction.around(() =>
      work({
        query: (text, values = [], options = {}) => transaction.run(toQuery(text, values, options)).then(firstOf),
        exec: (text) => transaction.run({ text, values: null }),
      }),
    );
    const ended = running.then(
      () => undefined,
      () => undefined,
    );
    this.#transactions.add(ended);
    void ended.then(() => this.#transactions.delete(ended));
    return running;
  }

  /** Calls `listener` after each commit that notifies the channel. Returns the function that stops listening. */
  async listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>> {
    const known = this.#listeners.get(channel);
    const listeners = known ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    if (known === undefined) {
      try {
        await this.#call('listen', { channel });
      } catch (error) {
        if (this.#listeners.get(channel) === listeners) this.#listeners.delete(channel);
        throw error;
      }
    }
    return async () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#listeners.get(channel) !== listeners || this.closed) return;
      this.#listeners.delete(channel);
      await this.#call('unlisten', { channel });
    };
  }

  /** Waits for the statements and transactions that were called before, closes the files and ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#ended !== null) return;
    await Promise.all(this.#transactions);
    await this.#send('close', null);
    await this.#worker.terminate();
  }

  /** Refuses new work once the store is closing. */
  #call<Call extends PgliteCall>(call: Call, input: PgliteCalls[Call]['input']): Promise<PgliteCalls[Call]['output']> {
    return this.#closing === null ? this.#send(call, input) : Promise.reject(closedError());
  }

  #send<Call extends PgliteCall>(call: Call, input: PgliteCalls[Call]['input']): Promise<PgliteCalls[Call]['output']> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // The cast: the thread replies with the output that `PgliteCalls` names for each call.
      this.#pending.set(id, { resolve: (output) => resolve(output as PgliteCalls[Call]['output']), reject });
      this.#worker.ref();
      if (this.#outbox.length === 0) process.nextTick(() => this.#post());
      // The cast: TypeScript cannot check that a generic call and its input match; the signature does.
      this.#outbox.push({ id, call, input } as unknown as PgliteRequest);
    });
  }

  #post(): void {
    const requests = this.#outbox;
    this.#outbox = [];
    try {
      this.#worker.postMessage(requests);
    } catch {
      this.#postEach(requests);
    }
  }

  /** A value that cannot be copied to the thread, such as a function, fails its own call and no other. */
  #postEach(requests: readonly PgliteRequest[]): void {
    for (const request of requests) {
      try {
        this.#worker.postMessage([request]);
      } catch {
        const failure = { message: 'a statement has a value that cannot be stored' };
        this.#receive({ kind: 'failure', id: request.id, failure });
      }
    }
  }

  #receive(message: PgliteMessage): void {
    if (message.kind === 'notification') {
      for (const listener of this.#listeners.get(message.channel) ?? []) listener(message.payload);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (message.kind === 'answer') pending?.resolve(message.output);
    else {
      const { message: text, ...facts } = message.failure;
      pending?.reject(Object.assign(new Error(text), facts));
    }
  }

  #end(error: Error): void {
    this.#ended = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    if (this.#closing === null) this.#lost.resolve(error);
  }
}

function toQuery(text: string, values: readonly unknown[], { rowMode, parsers }: QueryOptions): Statement {
  // Functions cannot be sent to a thread. drizzle's parsers all return the text as it is.
  return { text, values, rowMode, asText: parsers && Object.keys(parsers).map(Number) };
}

const closedError = () => new Error('the embedded store is closed');
const firstOf = ([rows = { rows: [] }]: PgliteRows[]): PgliteRows => rows;
