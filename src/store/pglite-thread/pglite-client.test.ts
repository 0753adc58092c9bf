import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../base/safe-error.ts';
import { copyStoreTemplate } from '../../testing/store-template.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { PgliteClient, type PgliteStatements } from './pglite-client.ts';

describe('a PGlite in its thread', async () => {
  const folder = await temporaryFolder();
  let client: PgliteClient;
  beforeAll(async () => {
    copyStoreTemplate(folder.path);
    client = await PgliteClient.open(join(folder.path, 'store'));
    await client.exec('create table entry (id int primary key, text text)');
  });
  afterAll(async () => {
    await client.close();
    await folder[Symbol.asyncDispose]();
  });
  const idsIn = async (condition: string) =>
    (await client.query(`select id from entry where ${condition} order by id`)).rows.map(({ id }) => id);

  test('returns dates as values, or as text where the caller has a parser for their type', async () => {
    const statement = `select '2026-11-26T09:00:00Z'::timestamptz as at, $1::int as number, $2::jsonb as facts`;
    const { rows } = await client.query(statement, [7, { a: [1] }]);
    expect(rows).toEqual([{ at: new Date('2026-11-26T09:00:00Z'), number: 7, facts: { a: [1] } }]);
    const { rows: texts } = await client.query(statement, [7, {}], { rowMode: 'array', parsers: { 1184: () => '' } });
    expect(texts).toEqual([['2026-11-26 09:00:00+00', 7, {}]]);
  });

  test('runs transactions one after another, and other statements between them', async () => {
    const order: string[] = [];
    const transaction = (name: string, id: number) =>
      client.transaction(async ({ query }) => {
        await query('insert into entry values ($1, $2)', [id, name]);
        order.push(`${name} begins`);
        await query('update entry set text = $2 where id = $1', [id, `${name} twice`]);
        order.push(`${name} ends`);
      });
    await Promise.all([transaction('first', 1), transaction('second', 2), idsIn('id = 3')]);
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(await idsIn(`text like '% twice'`)).toEqual([1, 2]);
  });

  test('rolls back when the work rejects, and continues', async () => {
    const mistake = new Error('a mistake of the caller');
    const attempt = client.transaction(async ({ query }) => {
      await query('insert into entry values (10)');
      throw mistake;
    });
    await expect(attempt).rejects.toBe(mistake);
    expect(await idsIn('id = 10')).toEqual([]);
  });

  test('passes on the code and the constraint of an error, but no values of the statement', async () => {
    const insert = () => client.query('insert into entry values ($1, $2)', [20, 'a secret text']);
    await insert();
    const error = await insert().catch((reason: unknown) => reason);
    expect(codeOf(error)).toBe('23505');
    expect(error).toMatchObject({ constraint: 'entry_pkey' });
    expect(JSON.stringify([error, String(error), Object.entries(error as Error)])).not.toContain('secret');
  });

  test('a statement that fails within a transaction fails the transaction', async () => {
    const attempt = client.transaction(async ({ query, exec }) => {
      await query('insert into entry values (30)');
      await exec('select 1/0');
    });
    expect(codeOf(await attempt.catch((reason: unknown) => reason))).toBe('22012');
    expect(await idsIn('id = 30')).toEqual([]);
  });

  test('a transaction whose failed statement was caught is rolled back, and says so', async () => {
    const attempt = client.transaction(async ({ query }) => {
      await query('insert into entry values (31)');
      await query('select 1/0').catch(() => {});
    });
    await expect(attempt).rejects.toThrow('a statement of this transaction has failed');
    expect(await idsIn('id = 31')).toEqual([]);
  });

  test('statements called at the same time run in one part, and none runs after one that fails', async () => {
    const attempt = client.transaction(({ query }) =>
      Promise.allSettled([
        query('insert into entry values (40) returning id'),
        query('select $1::int / 0', [1]),
        query('insert into entry values (41)'),
      ]).then((settled) => {
        expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
        throw new Error('given up');
      }),
    );
    await expect(attempt).rejects.toThrow('given up');
    expect(await idsIn('id in (40, 41)')).toEqual([]);
  });

  test('an urgent transaction runs before one that was called earlier and has not begun', async () => {
    const order: string[] = [];
    const run = (database: Pick<PgliteClient, 'transaction'>, name: string) =>
      database.transaction(async ({ query }) => {
        await query('select 1');
        order.push(name);
      });
    await Promise.all([run(client, 'first'), run(client, 'second'), run(client.urgent, 'urgent')]);
    expect(order).toEqual(['first', 'urgent', 'second']);
  });

  describe('the last steps of a transaction', () => {
    const later = () => new Promise((resolve) => setImmediate(resolve));

    test('run in their order and end it, also when the first one calls its statement last', async () => {
      await client.exec('create table child (parent int references entry)');
      const attempt = client.transaction(async ({ query }) => {
        const finished = await client.finish([
          async () => {
            await later();
            return (await query('insert into entry values (60) returning id')).rows;
          },
          () => query('insert into child values (60)'),
          async () => 'no statement',
        ]);
        expect(finished).toEqual([[{ id: 60 }], { rows: [], affectedRows: 1 }, 'no statement']);
        expect(await idsIn('id = 60')).toEqual([60]);
        await query('select 1');
      });
      await expect(attempt).rejects.toThrow('this transaction of the embedded store has ended');
      expect(await idsIn('id = 60')).toEqual([60]);
    });

    test('store nothing when one of them fails, before its statement or in it', async () => {
      const attempt = (step: (query: PgliteStatements['query']) => Promise<unknown>) =>
        client.transaction(async ({ query }) => {
          await query('insert into entry values (61)');
          await client.finish([() => query('insert into entry values (62)'), () => step(query)]);
        });
      await expect(attempt(() => Promise.reject(new Error('no statement')))).rejects.toThrow('no statement');
      await expect(attempt((query) => query('select 1/0'))).rejects.toThrow('division by zero');
      expect(await idsIn('id in (61, 62)')).toEqual([]);
    });

    test('may be none', async () => {
      await client.transaction(async ({ query }) => {
        await query('insert into entry values (63)');
        await client.finish([]);
      });
      expect(await idsIn('id = 63')).toEqual([63]);
    });
  });

  test('a transaction that ends before its statements were sent does not hold the connection', async () => {
    const mistake = new Error('a mistake of the caller');
    let late: Promise<unknown> = Promise.resolve();
    const attempt = client.transaction(({ query }) => {
      late = query('insert into entry values (70)');
      late.catch(() => {});
      return Promise.reject(mistake);
    });
    await expect(attempt).rejects.toBe(mistake);
    await expect(late).rejects.toBe(mistake);
    expect(await idsIn('id = 70')).toEqual([]);
  });

  test('a statement that the work did not wait for is committed with it', async () => {
    await client.transaction(async ({ query }) => {
      void query('insert into entry values (71)');
    });
    expect(await idsIn('id = 71')).toEqual([71]);
  });

  test('a statement of a transaction that has ended is refused, also when it is the first one', async () => {
    let kept: Pick<PgliteClient, 'query'> | null = null;
    await client.transaction(async (statements) => {
      kept = statements;
    });
    const late = (kept as Pick<PgliteClient, 'query'> | null)?.query('insert into entry values (72)');
    await expect(late).rejects.toThrow('this transaction of the embedded store has ended');
    expect(await idsIn('id = 72')).toEqual([]);
  });

  test('arrays keep empty lists, nulls and characters that array literals quote', async () => {
    const values = ['a,b', '{c}', '"d"', 'back\\slash', '', 'null', 'NULL', ' space ', '😀', "o'x", 'line\nbreak'];
    const { rows } = await client.query('select $1::text[] as "values", $2::text[] as none, $3::text[] as some', [
      values,
      [],
      [null, 'x'],
    ]);
    expect(rows).toEqual([{ values, none: [], some: [null, 'x'] }]);
    for (const value of values) {
      const found = await client.query(`select 1 as one where $1::text = any($2)`, [value, values]);
      expect(found.rows).toEqual([{ one: 1 }]);
    }
  });

  test('a block of statements that fails half-way leaves no transaction open for the next one', async () => {
    const error = await client
      .exec('begin; insert into entry values (50); select 1/0; commit')
      .catch((e: unknown) => e);
    expect(codeOf(error)).toBe('22012');
    expect(await idsIn('id = 50')).toEqual([]);
  });

  test('a statement whose columns have changed since its first run returns the new ones', async () => {
    await client.exec('create table wide (a int); insert into wide values (1)');
    expect((await client.query('select * from wide')).rows).toEqual([{ a: 1 }]);
    await client.exec('alter table wide add column b int default 2');
    expect((await client.query('select * from wide')).rows).toEqual([{ a: 1, b: 2 }]);
  });

  test('remembers few statements, and still runs the others', async () => {
    for (let number = 0; number < 500; number += 1) {
      const { rows } = await client.query(`select $1::int + ${number} as sum`, [1]);
      expect(rows).toEqual([{ sum: number + 1 }]);
    }
    const { rows } = await client.query('select count(*)::int as prepared from pg_prepared_statements');
    expect(rows[0]?.prepared).toBeGreaterThan(100);
    expect(rows[0]?.prepared).toBeLessThan(300);
  });

  test('a value that cannot be sent to the thread fails its own statement alone', async () => {
    const [good, bad] = await Promise.allSettled([
      client.query('select 1 as one'),
      client.query('select $1', [() => 1]),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled', value: { rows: [{ one: 1 }] } });
    expect(bad).toMatchObject({ reason: { message: 'a statement has a value that cannot be stored' } });
    const transaction = client.transaction(({ query }) => query('select $1', [() => 1]));
    await expect(transaction).rejects.toThrow('cannot be stored');
    expect(await idsIn('false')).toEqual([]);
  });

  test('listens at the second attempt when the first one has failed', async () => {
    const channel = 'x" y';
    await expect(client.listen(channel, () => {})).rejects.toThrow();
    await expect(client.listen(channel, () => {})).rejects.toThrow();
  });

  test('notifies every listener of a channel after the commit, until it stops listening', async () => {
    const heard: string[] = [];
    const stopFirst = await client.listen('news', (payload) => heard.push(`first ${payload}`));
    const stopSecond = await client.listen('news', (payload) => heard.push(`second ${payload}`));
    await client.transaction(async ({ query }) => {
      await query(`select pg_notify('news', 'a')`);
      expect(heard).toEqual([]);
    });
    await client.query('select 1'); // Notifications come before the reply of the next statement.
    expect(heard).toEqual(['first a', 'second a']);
    await stopFirst();
    await client.query(`select pg_notify('news', 'b')`);
    await client.query('select 1');
    expect(heard).toEqual(['first a', 'second a', 'second b']);
    await stopSecond();
  });
});

test('calls reject once the thread has ended, and closing still resolves', async () => {
  await using folder = await temporaryFolder();
  copyStoreTemplate(folder.path);
  const client = await PgliteClient.open(join(folder.path, 'store'));
  const pending = client.transaction(async ({ query }) => {
    await query('select 1');
    await client.worker.terminate();
    await query('select 2');
  });
  await expect(pending).rejects.toThrow('the thread of the embedded store has ended');
  await expect(client.query('select 1')).rejects.toThrow('has ended');
  expect(client.closed).toBe(true);
  await client.close();
});

test('the thread ends when PostgreSQL panics, and no other statement seems to have run', async () => {
  await using folder = await temporaryFolder();
  copyStoreTemplate(folder.path);
  const client = await PgliteClient.open(join(folder.path, 'store'));
  await client.exec('create table entry (id int primary key, text text)');
  await rename(join(folder.path, 'store', 'pg_wal'), join(folder.path, 'moved'));
  const statements = await Promise.allSettled([
    client.exec(`create table lost (id int); select pg_switch_wal()`),
    // PGlite would reply to these as if they had run.
    client.query('insert into entry values (1, $1) returning id', ['x']),
    client.transaction(({ query }) => query('insert into entry values (2, $1)', ['x'])),
    client.query('select 1 as one'),
  ]);
  expect(statements.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
  expect(codeOf(await client.lost)).toBe('58P01');
  await expect(client.query('select 1')).rejects.toThrow('has ended');
  await client.close();
});

test('closing waits for what was called before, and refuses what comes after', async () => {
  await using folder = await temporaryFolder();
  copyStoreTemplate(folder.path);
  const client = await PgliteClient.open(join(folder.path, 'store'));
  const before = client.query('select 1 as one');
  const started = Promise.withResolvers<void>();
  const transaction = client.transaction(async ({ query }) => {
    await query('create table kept (id int)');
    started.resolve();
    await closing.promise;
    await query('insert into kept values (1)');
  });
  const closing = Promise.withResolvers<void>();
  await started.promise;
  const closed = client.close();
  closing.resolve();
  await expect(client.query('select 1')).rejects.toThrow('the embedded store is closed');
  expect((await before).rows).toEqual([{ one: 1 }]);
  await transaction;
  await closed;
  const again = await PgliteClient.open(join(folder.path, 'store'));
  expect((await again.query('select id from kept')).rows).toEqual([{ id: 1 }]);
  await again.close();
});
