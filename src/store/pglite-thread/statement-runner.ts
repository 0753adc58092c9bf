import { type PGlite, parse, messages as pgMessages, protocol } from '@electric-sql/pglite';
import type { PgliteRows, Statement } from './protocol.ts';

const { serialize } = protocol;

/** The program sends a few hundred texts again and again; a planned one takes some 20 kB. */
const MAX_PREPARED = 250;
/** Statements with more values are inserts of many rows: their texts hardly come twice, and their plans take up to 100 kB. */
const MAX_PREPARED_VALUES = 100;
/** PostgreSQL's `feature_not_supported`: here, a column of a prepared statement's result has changed since. */
const STALE_PLAN = '0A000';

type Message = Awaited<ReturnType<PGlite['execProtocol']>>['messages'][number];
type Prepared = {
  readonly name: string;
  readonly parameterTypes: readonly number[];
  /** Describes the columns of the result; missing when the statement returns no rows. */
  readonly columns: readonly Message[];
};

/**
 * Runs statements on a PGlite in as few calls as possible. PGlite's own `query` parses and plans a text each time, in six
 * calls. Here a text is prepared once; then it runs in one call, which takes a tenth of the time.
 */
export class StatementRunner {
  readonly #pglite: PGlite;
  /** By text; the one used last is at the end. */
  readonly #prepared = new Map<string, Prepared>();
  /** By the types that stay text; a handful of callers have one set each. */
  readonly #parsers = new Map<string, PGlite['parsers']>();
  #names = 0;
  #end: unknown = null;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  /** Returns the rows of the statement; of one without values, those of each of its statements. Rejects with PGlite's error. */
  async run(statement: Statement): Promise<PgliteRows[]> {
    const { text } = statement;
    const values = statement.values ?? (text.includes(';') ? null : []);
    if (values === null) return this.#read(statement, await this.#exchange(serialize.query(text)));
    const { name, parameterTypes, columns } = await this.#prepare(text, values.length <= MAX_PREPARED_VALUES);
    const bound = values.map((value, index) => this.#serialize(value, parameterTypes[index]));
    try {
      const messages = await this.#exchange(
        serialize.bind({ statement: name, values: bound }),
        serialize.execute({}),
        serialize.sync(),
      );
      return this.#read(statement, [...columns, ...messages]);
    } catch (error) {
      if (!isStale(error) || !this.#prepared.delete(text) || this.isInTransaction()) throw error;
      return this.run(statement);
    }
  }

  /** True when PGlite cannot run a statement any more. All further ones reject. */
  get hasEnded(): boolean {
    return this.#end !== null;
  }

  /** True between BEGIN and COMMIT or ROLLBACK, also after a statement has failed there. */
  isInTransaction(): boolean {
    return this.#pglite.isInTransaction();
  }

  async #prepare(text: string, isKept: boolean): Promise<Prepared> {
    const known = this.#prepared.get(text);
    if (known !== undefined) {
      this.#prepared.delete(text);
      this.#prepared.set(text, known);
      return known;
    }
    this.#names += 1;
    const name = isKept ? `s${this.#names}` : '';
    const messages = await this.#exchange(
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    );
    const prepared: Prepared = {
      name,
      parameterTypes: parse.parseDescribeStatementResults(messages),
      columns: messages.filter((message) => message instanceof pgMessages.RowDescriptionMessage),
    };
    if (isKept) {
      this.#prepared.set(text, prepared);
      await this.#forgetOldest();
    }
    return prepared;
  }

  async #forgetOldest(): Promise<void> {
    const [oldest] = this.#prepared;
    if (oldest === undefined || this.#prepared.size <= MAX_PREPARED) return;
    const [text, { name }] = oldest;
    this.#prepared.delete(text);
    await this.#exchange(serialize.close({ type: 'S', name }), serialize.sync());
  }

  #serialize(value: unknown, type = 0): string | null {
    if (value === null || value === undefined) return null;
    return this.#pglite.serializers[type]?.(value) ?? String(value);
  }

  #read({ rowMode, asText = [] }: Statement, messages: Message[]): PgliteRows[] {
    const results = parse.parseResults(messages, this.#parsersFor(asText), { rowMode });
    return results.map(({ rows, affectedRows }) => ({ rows, affectedRows }));
  }

  /** Kept, because PGlite knows some hundred types, and copying them would take longer than most statements. */
  #parsersFor(asText: readonly number[]): PGlite['parsers'] {
    const key = String(asText);
    const known = this.#parsers.get(key);
    if (known !== undefined) return known;
    const own = Object.fromEntries(asText.map((type) => [type, (value: string) => value]));
    const parsers = { ...this.#pglite.parsers, ...own };
    this.#parsers.set(key, parsers);
    return parsers;
  }

  /**
   * Sends messages of PostgreSQL's protocol in one call. Rejects with the first error that they cause. After the end nothing
   * is sent: PGlite replies to statements then as if they had run, and a ticket that is stored nowhere would be accepted.
   */
  async #exchange(...parts: Uint8Array[]): Promise<Message[]> {
    if (this.#end !== null) throw this.#end;
    try {
      const { messages } = await this.#pglite.execProtocol(Buffer.concat(parts), { throwOnError: false });
      const error = messages.find((message) => message instanceof pgMessages.DatabaseError);
      if (error !== undefined) throw error;
      if (!messages.some((message) => message instanceof pgMessages.ReadyForQueryMessage)) throw new UnfinishedError();
      return messages;
    } catch (error) {
      if (isTheEnd(error)) this.#end = error;
      throw error;
    }
  }
}

/** PostgreSQL has stopped in the middle of a statement. */
class UnfinishedError extends Error {
  override readonly name = 'UnfinishedError';
}

/** True when PGlite cannot run a statement any more: PostgreSQL's process would have ended, or WebAssembly has stopped. */
export const isTheEnd = (error: unknown): boolean =>
  error instanceof pgMessages.DatabaseError
    ? error.severity === 'PANIC' || error.severity === 'FATAL'
    : error instanceof Error && ['RuntimeError', 'ExitStatus', 'UnfinishedError'].includes(error.name);

const isStale = (error: unknown) => error instanceof pgMessages.DatabaseError && error.code === STALE_PLAN;
