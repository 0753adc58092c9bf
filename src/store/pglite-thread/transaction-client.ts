import type { PgliteRows, Statement, TransactionPart } from './protocol.ts';

type Waiting = {
  readonly statement: Statement;
  readonly resolve: (results: PgliteRows[]) => void;
  readonly reject: (error: unknown) => void;
};

type SendPart = (part: TransactionPart) => Promise<PgliteRows[][]>;

/** One transaction in the store's thread. It begins there with its first statement, so that it waits for nothing before. */
export class TransactionClient {
  readonly #id: number;
  readonly #urgent: boolean;
  readonly #send: SendPart;
  #begun = false;
  /** Statements that were called in this turn of the event loop; they travel together. */
  #waiting: Waiting[] = [];

  constructor(options: { id: number; urgent: boolean; send: SendPart }) {
    this.#id = options.id;
    this.#urgent = options.urgent;
    this.#send = options.send;
  }

  /** Runs `work`, which calls `run`; then commits, or rolls back when it rejects. */
  async around<Result>(work: () => Promise<Result>): Promise<Result> {
    let result: Result;
    try {
      result = await work();
    } catch (error) {
      if (this.#begun) await this.#sendPart([], 'rollback').catch(() => {}); // the first error is the cause
      throw error;
    }
    if (this.#begun) await this.#sendPart([], 'commit');
    return result;
  }

  run(statement: Statement): Promise<PgliteRows[]> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) process.nextTick(() => this.#sendWaiting());
      this.#waiting.push({ statement, resolve, reject });
    });
  }

  #sendWaiting(): void {
    const group = this.#waiting;
    this.#waiting = [];
    this.#sendPart(
      group.map(({ statement }) => statement),
      null,
    ).then(
      (results) => {
        for (const [index, { resolve }] of group.entries()) resolve(results[index] ?? []);
      },
      (error: unknown) => {
        for (const { reject } of group) reject(error);
      },
    );
  }

  #sendPart(statements: readonly Statement[], ends: TransactionPart['ends']): Promise<PgliteRows[][]> {
    const begins = !this.#begun;
    this.#begun = true;
    return this.#send({ transaction: this.#id, begins, ends, urgent: this.#urgent, statements });
  }
}
