import { openAsBlob } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import { returnMemoryAtRest } from '../../base/return-memory.ts';
import { createPglite } from '../create-pglite.ts';
import { ConnectionTurns } from './connection-turns.ts';
import type {
  PgliteCalls,
  PgliteFailure,
  PgliteMessage,
  PgliteRequest,
  PgliteRows,
  TransactionPart,
} from './protocol.ts';
import { isTheEnd, StatementRunner } from './statement-runner.ts';

// Entry point of the embedded store's thread: a long statement blocks this thread and not the server's.

type Opened = { readonly pglite: PGlite; readonly runner: StatementRunner };

let opened: Opened | null = null;
const turns = new ConnectionTurns();
/** Open transactions: the last part of each, since parts run one after another, and whether one has failed. */
const transactions = new Map<number, { last: Promise<unknown>; failed: boolean }>();
const listeners = new Map<string, () => Promise<void>>();
const post = (message: PgliteMessage) => parentPort?.postMessage(message);

function store(): Opened {
  if (opened === null) throw new Error('the embedded store was called before it was opened');
  return opened;
}

async function open({ folder, packed }: PgliteCalls['open']['input']): Promise<Opened> {
  const loadDataDir = packed === null ? undefined : await openAsBlob(packed, { type: 'application/gzip' });
  const pglite = await createPglite({ dataDir: folder, loadDataDir });
  return { pglite, runner: new StatementRunner(pglite) };
}

/** Runs `work` while nothing else uses the connection. */
async function inTurn<Result>(urgent: boolean, work: () => Promise<Result>): Promise<Result> {
  await turns.take(urgent);
  try {
    return await work();
  } finally {
    turns.end();
  }
}

async function run(part: TransactionPart): Promise<PgliteRows[][]> {
  const { transaction, begins, ends, urgent } = part;
  if (transaction === null) return inTurn(urgent, () => runAlone(part));
  const state = transactions.get(transaction) ?? { last: Promise.resolve(), failed: false };
  if (begins) transactions.set(transaction, state);
  else if (!transactions.has(transaction)) throw new Error('this transaction of the embedded store has ended');
  const running = state.last.then(async () => {
    if (begins) await turns.take(urgent);
    try {
      return await runPart(part, state.failed);
    } catch (error) {
      state.failed = true;
      throw error;
    } finally {
      if (ends !== null) {
        transactions.delete(transaction);
        turns.end();
      }
    }
  });
  state.last = running.catch(() => {}); // the next part runs all the same: it may roll back
  return running;
}

const begin = { text: 'begin', values: null };
const rollBack = { text: 'rollback', values: null };
const commit = { text: 'commit', values: null };

/** A statement that left a transaction open, as pg-boss's blocks of BEGIN to COMMIT do when they fail, is rolled back. */
async function runAlone({ statements }: TransactionPart): Promise<PgliteRows[][]> {
  const { runner } = store();
  try {
    return await runAll(runner, statements);
  } finally {
    if (runner.isInTransaction()) await runner.run(rollBack);
  }
}

async function runPart(part: TransactionPart, failedBefore: boolean): Promise<PgliteRows[][]> {
  const { begins, statements, ends } = part;
  const { runner } = store();
  if (ends === 'rollback') {
    await runner.run(rollBack);
    return [];
  }
  try {
    // PostgreSQL would reply to a commit with a rollback, without an error.
    if (failedBefore) throw new Error('a statement of this transaction has failed, so nothing of it can be kept');
    if (begins) await runner.run(begin);
    const results = await runAll(runner, statements);
    if (ends === 'commit') await runner.run(commit);
    return results;
  } catch (error) {
    if (ends !== null && runner.isInTransaction()) await runner.run(rollBack);
    throw error;
  }
}

async function runAll(runner: StatementRunner, statements: TransactionPart['statements']): Promise<PgliteRows[][]> {
  const results: PgliteRows[][] = [];
  for (const statement of statements) results.push(await runner.run(statement));
  return results;
}

async function handle(request: PgliteRequest): Promise<unknown> {
  switch (request.call) {
    case 'open':
      opened = await open(request.input);
      return null;
    case 'run':
      return run(request.input);
    case 'listen': {
      const { channel } = request.input;
      const listener = (payload: string) => post({ kind: 'notification', channel, payload });
      const stop = await inTurn(false, () => store().pglite.listen(channel, listener));
      listeners.set(channel, () => inTurn(false, stop));
      return null;
    }
    case 'unlisten':
      await listeners.get(request.input.channel)?.();
      listeners.delete(request.input.channel);
      return null;
    case 'close':
      await inTurn(false, async () => (opened?.runner.hasEnded === true ? undefined : opened?.pglite.close()));
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

/** Ends this thread, as PostgreSQL would end its process. The error leaves out what may quote a ticket. */
function endThread(failure: PgliteFailure): void {
  setImmediate(() => {
    throw Object.assign(new Error('PGlite cannot run statements any more'), { code: failure.code ?? 'aborted' });
  });
}

returnMemoryAtRest();
parentPort?.on('message', (requests: readonly PgliteRequest[]) => {
  for (const request of requests) {
    handle(request).then(
      (output) => post({ kind: 'answer', id: request.id, output }),
      (error: unknown) => {
        const failure = describe(error);
        post({ kind: 'failure', id: request.id, failure });
        if (request.call !== 'open' && isTheEnd(error)) endThread(failure);
      },
    );
  }
});
