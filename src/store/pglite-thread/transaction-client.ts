import { AsyncLocalStorage } from 'node:async_hooks';
import type { PgliteRows, Statement, TransactionPart } from './protocol.ts';

type Waiting = {
  readonly statement: Statement;
  /** The position of the step that called it; 0 outside `finish`. */
  readonly step: number;
  readonly resolve: (results: PgliteRows[]) => void;
  readonly reject: (error: unknown) => void;
};

type SendPart = (part: TransactionPart) => Promise<PgliteRows[][]>;

/** The transaction whose work is running; drizzle is between, so it cannot be passed on. */
const current = new AsyncLocalStorage<TransactionClient>();
const currentStep = new AsyncLocalStorage<number>();

/** One transaction in the store's thread. It begins there with its first statement, so that it waits for nothing before. */
export class TransactionClient {
  readonly #id: number;
  readonly #urgent: boolean;
  readonly #send: SendPart;
  #begun = false;
  #ended = false;
  /** Statements that were called in this turn of the event loop; they travel together. */
  #waiting: Waiting[] = [];
  /** Steps of `finish` that have neither called their statement nor ended; null before `finish`. */
  #openSteps: Set<number> | null = null;

  constructor(options: { id: number; urgent: boolean; send: SendPart }) {
    this.#id = options.id;
    this.#urgent = options.urgent;
    this.#send = options.send;
  }

  /** The transaction whose work this is called in. */
  static get current(): TransactionClient {
    const found = current.getStore();
    if (found === undefined) throw new Error('this may be called within a transaction only');
    return found;
  }

  /**
   * Runs `work`, which calls `run`; then commits, or rolls back when it rejects. A statement that `work` did not wait for
   * is still part of the transaction when it was called before the end; one that is called later is refused, because a
   * transaction that began after its end would hold the connection for ever.
   */
  async around<Result>(work: () => Promise<Result>): Promise<Result> {
    let result: Result;
    try {
      result = await current.run(this, work);
    } catch (error) {
      const hadEnded = this.#ended;
      this.#ended = true;
      for (const { reject } of this.#waiting.splice(0)) reject(error);
      if (this.#begun && !hadEnded) await this.#sendPart([], 'rollback').catch(() => {}); // the first error is the cause
      throw error;
    }
    if (!this.#ended) {
      this.#sendWaiting(null);
      if (this.#begun) await this.#sendPart([], 'commit');
      this.#ended = true;
    }
    return result;
  }

  run(statement: Statement): Promise<PgliteRows[]> {
    if (this.#ended) return Promise.reject(new Error('this transaction of the embedded store has ended'));
    return new Promise((resolve, reject) => {
      const step = currentStep.getStore() ?? 0;
      this.#waiting.push({ statement, step, resolve, reject });
      if (this.#openSteps === null) {
        if (this.#waiting.length === 1) process.nextTick(() => this.#sendWaiting(null));
      } else this.#close(step);
    });
  }

  /**
   * Runs the last steps of this transaction, which call one statement each or none. All of them and the commit travel in one
   * part, in the order of the steps. When a step rejects before it calls its statement, nothing is sent.
   */
  async finish(steps: readonly (() => Promise<unknown>)[]): Promise<unknown[]> {
    this.#openSteps = new Set(steps.keys());
    return Promise.all(
      steps.map(async (step, position) => {
        try {
          const result = await currentStep.run(position, step);
          this.#close(position);
          return result;
        } catch (error) {
          for (const { reject } of this.#waiting.splice(0)) reject(error);
          throw error;
        }
      }),
    );
  }

  #close(step: number): void {
    if (this.#openSteps?.delete(step) === true && this.#openSteps.size === 0 && this.#waiting.length > 0) {
      this.#waiting.sort((a, b) => a.step - b.step);
      this.#sendWaiting('commit');
    }
  }

  #sendWaiting(ends: TransactionPart['ends']): void {
    const group = this.#waiting;
    this.#waiting = [];
    if (group.length === 0) return; // The end of the transaction was faster.
    this.#sendPart(
      group.map(({ statement }) => statement),
      ends,
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
    this.#ended = ends !== null;
    return this.#send({ transaction: this.#id, begins, ends, urgent: this.#urgent, statements });
  }
}
