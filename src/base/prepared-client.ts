import { Client } from 'pg';
import { codeOf } from './safe-error.ts';

/** The program sends some hundred texts again and again; the plan of one takes about 30 kB of each connection. */
const MAX_PREPARED = 250;
const MAX_SEEN_ONCE = 500;
/** Statements with more values are inserts of many rows, whose texts hardly come twice. */
const MAX_PREPARED_VALUES = 100;
/** PostgreSQL's `feature_not_supported`: here, a column of a prepared statement's result has changed since. */
const STALE_PLAN = '0A000';

type Call = readonly unknown[];
type Config = { readonly text: string; readonly name?: string };

/**
 * A client of PostgreSQL that prepares a text when it comes the second time. To parse and plan a text took more time than
 * to run it: accepting a ticket took 5.5 ms, with prepared statements 2.5.
 */
export class PreparedClient extends Client {
  readonly #names = new Map<string, string>();
  #seenOnce = new Set<string>();

  constructor(...parameters: ConstructorParameters<typeof Client>) {
    super(...parameters);
    const send: (...call: Call) => unknown = this.query.bind(this);
    // The cast: `query` has many signatures, and each call is passed on with the same parameters.
    this.query = ((...call: Call) => this.#send(send, call)) as typeof this.query;
  }

  #send(send: (...call: Call) => unknown, call: Call): unknown {
    const [first, values, ...rest] = call;
    const config = typeof first === 'string' ? { text: first } : first;
    if (!isConfig(config) || !Array.isArray(values) || values.length === 0) return send(...call);
    const name = values.length > MAX_PREPARED_VALUES ? undefined : this.#nameOf(config.text);
    if (name === undefined) return send(...call);
    const named = { ...config, name };
    const [callback, ...others] = rest;
    if (typeof callback === 'function') {
      const done = (error: unknown, ...result: Call) => {
        this.#forgetIfStale(config.text, error);
        callback(error, ...result);
      };
      return send(named, values, done, ...others);
    }
    const result = send(named, values, ...rest);
    if (result instanceof Promise) result.catch((error: unknown) => this.#forgetIfStale(config.text, error));
    return result;
  }

  /** Undefined for a text that is not to be prepared. */
  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MAX_PREPARED) return known;
    if (!this.#seenOnce.delete(text)) {
      if (this.#seenOnce.size >= MAX_SEEN_ONCE) this.#seenOnce = new Set();
      this.#seenOnce.add(text);
      return undefined;
    }
    const name = `s${++this.#lastNumber}`;
    this.#names.set(text, name);
    return name;
  }
  #lastNumber = 0;

  /** The next call prepares the text again, by another name. */
  #forgetIfStale(text: string, error: unknown): void {
    if (error && codeOf(error) === STALE_PLAN) this.#names.delete(text);
  }
}

/** False for queries that have a name already, and for objects that send themselves. */
const isConfig = (value: unknown): value is Config =>
  typeof value === 'object' &&
  value !== null &&
  'text' in value &&
  typeof value.text === 'string' &&
  !('submit' in value) &&
  (!('name' in value) || value.name === undefined);
