import { Pool } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { testDatabaseUrl } from '../testing/test-stores.ts';
import { PreparedClient } from './prepared-client.ts';
import { codeOf } from './safe-error.ts';

// Needs TEST_DATABASE_URL.
describe.skipIf(testDatabaseUrl === null)('a client that prepares its statements', () => {
  // One connection, because prepared statements and temporary tables belong to it.
  const pool = new Pool({ connectionString: testDatabaseUrl ?? '', max: 1, Client: PreparedClient, pipeline: true });
  afterAll(() => pool.end());
  const prepared = async () => {
    const { rows } = await pool.query<{ statement: string }>('select statement from pg_prepared_statements');
    return rows.map(({ statement }) => statement);
  };

  test('prepares a text when it comes the second time', async () => {
    const text = 'select $1::int + 1 as next';
    const results: unknown[] = [];
    for (const number of [1, 2, 3]) {
      results.push((await pool.query(text, [number])).rows[0]);
      expect((await prepared()).includes(text)).toBe(number > 1);
    }
    expect(results).toEqual([{ next: 2 }, { next: 3 }, { next: 4 }]);
  });

  test('prepares neither a text without values nor one with very many', async () => {
    const values = Array.from({ length: 101 }, (_, index) => index);
    const many = `select ${values.map((index) => `$${index + 1}::int`).join(' + ')} as sum`;
    for (let time = 0; time < 3; time++) {
      await pool.query('select 1');
      expect((await pool.query(many, values)).rows).toEqual([{ sum: 5_050 }]);
    }
    expect(await prepared()).not.toContain('select 1');
    expect(await prepared()).not.toContain(many);
  });

  test('runs statements that are called at the same time in their order', async () => {
    const client = await pool.connect();
    const text = 'select $1::int as number';
    const results = await Promise.all([1, 2, 3].map((number) => client.query<{ number: number }>(text, [number])));
    client.release();
    expect(results.map(({ rows }) => rows[0]?.number)).toEqual([1, 2, 3]);
  });

  test('prepares a text again after a column of its result has changed', async () => {
    const client = await pool.connect(); // The pool drops a connection whose statement failed.
    await client.query('create temporary table entry (number int); insert into entry values (7)');
    const read = async () => (await client.query('select * from entry where number > $1', [1])).rows;
    await read();
    expect(await read()).toEqual([{ number: 7 }]);
    await client.query('alter table entry add column name text');
    expect(codeOf(await read().catch((error: unknown) => error))).toBe('0A000');
    for (let time = 0; time < 3; time++) expect(await read()).toEqual([{ number: 7, name: null }]);
    client.release();
  });

  test('passes on the error of a statement that is prepared', async () => {
    const divide = (by: number) => pool.query('select 1 / $1::int as result', [by]);
    for (let time = 0; time < 3; time++) await divide(1);
    await expect(divide(0)).rejects.toMatchObject({ code: '22012' });
    expect((await divide(1)).rows).toEqual([{ result: 1 }]);
  });
});
