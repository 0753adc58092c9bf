import { openAsBlob } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import { createPglite } from '../create-pglite.ts';
import type {
  PgliteCalls,
  PgliteFailure,
  PgliteMessage,
  PgliteRequest,
  PgliteRows,
  TransactionId,
} from './protocol.ts';

// Entry point of the embedded store's thread: a long statement blocks this thread and not the server's.

type OpenTransaction = {
  readonly statements: Transaction;
  readonly end: (commit: boolean) => void;
  done: Promise<void>;
};

let opened: PGlite | null = null;
let lastTransaction = 0;
const transactions = new Map<number, OpenTransaction>();
const listeners = new Map<string, () => Promise<void>>();
const post = (message: PgliteMessage) => parentPort?.postMessage(message);

/** Ends a transaction that the main thread has given up. */
class RolledBack extends Error {}

function pglite(): PGlite {
  if (opened === null) throw new Error('the embedded store was called before it was opened');
  return opened;
}

function runnerOf(transaction: TransactionId): Pick<PGlite, 'query' | 'exec'> {
  return transaction === null ? pglite() : find(transaction).statements;
}

function find(id: number): OpenTransaction {
  const found = transactions.get(id);
  if (found === undefined) throw new Error('this transaction of the embedded store has ended');
  return found;
}

async function open({ folder, packed }: PgliteCalls['open']['input']): Promise<PGlite> {
  if (packed === null) return createPglite({ dataDir: folder });
  return createPglite({ dataDir: folder, loadDataDir: await openAsBlob(packed, { type: 'application/gzip' }) });
}

async function query(input: PgliteCalls['query']['input']): Promise<PgliteRows> {
  const { transaction, text, values, rowMode, asText = [] } = input;
  const parsers = Object.fromEntries(asText.map((oid) => [oid, (value: string) => value]));
  const { rows, affectedRows } = await runnerOf(transaction).query<Record<string, unknown>>(text, [...values], {
    rowMode,
    parsers,
  });
  return { rows, affectedRows };
}

function begin(): Promise<number> {
  const id = ++lastTransaction;
  return new Promise((resolve, reject) => {
    const { promise: ended, resolve: end } = Promise.withResolvers<boolean>();
    const done = pglite().transaction(async (statements) => {
      transactions.set(id, { statements, end, done });
      resolve(id);
      if (!(await ended)) throw new RolledBack();
    });
    done.catch(reject);
  });
}

async function end({ transaction, commit }: PgliteCalls['end']['input']): Promise<null> {
  const { end: finish, done } = find(transaction);
  transactions.delete(transaction);
  finish(commit);
  await done.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
  return null;
}

async function handle(request: PgliteRequest): Promise<unknown> {
  switch (request.call) {
    case 'open':
      opened = await open(request.input);
      return null;
    case 'query':
      return query(request.input);
    case 'exec':
      return (await runnerOf(request.input.transaction).exec(request.input.text)).map(({ rows, affectedRows }) => ({
        rows,
        affectedRows,
      }));
    case 'begin':
      return begin();
    case 'end':
      return end(request.input);
    case 'listen': {
      const { channel } = request.input;
      const stop = await pglite().listen(channel, (payload) => post({ kind: 'notification', channel, payload }));
      listeners.set(channel, () => stop());
      return null;
    }
    case 'unlisten':
      await listeners.get(request.input.channel)?.();
      listeners.delete(request.input.channel);
      return null;
    case 'close':
      if (opened !== null) await opened.close();
      return null;
    default:
      return request satisfies never;
  }
}

function describe(error: unknown): PgliteFailure {
  const text = (name: string) => {
    const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
    return typeof value === 'string' ? { [name]: value } : {};
  };
  return { message: error instanceof Error ? error.message : String(error), ...text('code'), ...text('constraint') };
}

parentPort?.on('message', (request: PgliteRequest) => {
  handle(request).then(
    (output) => post({ kind: 'answer', id: request.id, output }),
    (error: unknown) => post({ kind: 'failure', id: request.id, failure: describe(error) }),
  );
});
