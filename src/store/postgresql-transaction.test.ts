import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../base/drizzle.ts';
import { sampleTicket } from '../testing/sample-values.ts';
import { openTestPostgresql, type TestStore, testDatabaseUrl } from '../testing/test-stores.ts';
import type { TransactionOptions } from './database.ts';
import { isRepeatedKey } from './database-error.ts';
import { FLUSH, PostgresqlTransaction } from './postgresql-transaction.ts';

describe('the messages of a transaction', () => {
  /** A client whose statements end when `answer` is called. */
  const open = (options: TransactionOptions = {}) => {
    const sent: string[] = [];
    const pending: (() => void)[] = [];
    const query = (text: string) => {
      sent.push(text);
      return new Promise((resolve) => pending.push(() => resolve({ command: text.toUpperCase() })));
    };
    // The cast: a transaction calls nothing else of its client.
    const transaction = new PostgresqlTransaction({ query } as unknown as PoolClient, options);
    const answer = () => {
      for (const end of pending.splice(0)) end();
    };
    return { transaction, sent, answer };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test('steps travel with BEGIN and COMMIT, without waiting for each other', async () => {
    const { transaction, sent, answer } = open();
    const finished = transaction.finish([() => transaction.query('one'), () => transaction.query('two')]);
    await turn();
    expect(sent).toEqual(['begin', 'one', 'two', 'commit']);
    answer();
    expect(await finished).toEqual([{ command: 'ONE' }, { command: 'TWO' }]);
    await transaction.end();
    expect(sent).toHaveLength(4);
  });

  test('steps keep their order however long one takes before its statement, and one may have none', async () => {
    const { transaction, sent, answer } = open();
    const slow = async () => {
      for (let time = 0; time < 3; time++) await turn();
      return transaction.query('slow');
    };
    const together = transaction.together([slow, async () => 'none', () => transaction.query('quick')]);
    while (sent.length < 3) await turn();
    expect(sent).toEqual(['begin', 'slow', 'quick']);
    answer();
    expect(await together).toEqual([{ command: 'SLOW' }, 'none', { command: 'QUICK' }]);
  });

  test('a step that fails before its statement keeps the later ones and the end from being sent', async () => {
    const { transaction, sent, answer } = open();
    const mistake = new Error('a mistake of the caller');
    const failing = async () => {
      throw mistake;
    };
    const steps = [() => transaction.query('one'), failing, () => transaction.query('three')];
    await expect(transaction.finish(steps)).rejects.toBe(mistake);
    const rolledBack = transaction.rollback();
    answer();
    await rolledBack;
    expect(sent).toEqual(['begin', 'one', 'rollback']);
  });

  test('one that releases its locks early commits without the disk, and ends when the log is there', async () => {
    const { transaction, sent, answer } = open({ releasesEarly: true });
    let ended = false;
    const finished = transaction.finish([() => transaction.query('one')]).then(() => {
      ended = true;
    });
    await turn();
    expect(sent).toEqual(['begin', 'one', 'set local synchronous_commit = off', 'commit', FLUSH]);
    expect(ended).toBe(false);
    answer();
    await finished;
  });

  test('one that only locks ends when the log is on the disk with what it saw', async () => {
    const { transaction, sent, answer } = open({ locksOnly: true });
    const finished = transaction.finish([() => transaction.query('lock')]);
    await turn();
    expect(sent).toEqual(['begin', 'lock', 'rollback', FLUSH]);
    answer();
    await finished;
  });

  test('without a statement nothing is sent, and after the end nothing is accepted', async () => {
    const { transaction, sent } = open();
    await transaction.end();
    await expect(transaction.query('late')).rejects.toThrow('this transaction has ended');
    expect(sent).toEqual([]);
  });
});

// Needs TEST_DATABASE_URL.
describe.skipIf(testDatabaseUrl === null)('a transaction on PostgreSQL', () => {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await openTestPostgresql();
    await opened.store.tickets.insertMany([sampleTicket({ id: 'known' })]);
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  const twice = (id: string) => [sampleTicket({ id: 'known' }), sampleTicket({ id })];

  test('rejects with the first error, not with those that follow from it', async () => {
    const { store } = opened;
    const attempt = store.transaction(({ tickets, executor, finish }) =>
      finish(
        // More turns pass until this one rejects than until the next does.
        async () => {
          try {
            await tickets.insertNew(twice('t-1'));
          } catch (error) {
            for (let time = 0; time < 50; time++) await null;
            throw error;
          }
        },
        () => executor.execute(sql`select 1`),
      ),
    );
    expect(isRepeatedKey(await attempt.catch((error: unknown) => error))).toBe(true);
    expect(await store.tickets.get('t-1')).toBeNull();
  });

  test('rejects when a statement has failed whose error was ignored', async () => {
    const { store } = opened;
    const attempt = store.transaction(async ({ tickets }) => {
      await tickets.insertMany([sampleTicket({ id: 't-2' })]);
      await tickets.insertNew(twice('t-3')).catch(() => {});
    });
    await expect(attempt).rejects.toThrow('A transaction was rolled back');
    expect(await store.tickets.get('t-2')).toBeNull();
  });

  test('one that releases its locks early leaves the connection waiting for the disk as before', async () => {
    const { store } = opened;
    const releasesEarly = { releasesEarly: true };
    const settingOf = (options: TransactionOptions) =>
      store.transaction(async ({ executor }) => (await executor.execute('show synchronous_commit')).rows, options);
    for (const options of [releasesEarly, {}, releasesEarly]) {
      expect(await settingOf(options)).toEqual([{ synchronous_commit: 'on' }]);
    }
    await store.transaction(({ tickets }) => tickets.insertNew([sampleTicket({ id: 't-4' })]), releasesEarly);
    expect(await store.tickets.get('t-4')).toMatchObject({ id: 't-4' });
  });
});
