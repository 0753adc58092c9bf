import { expect, test } from 'vitest';
import { StoreUnavailableError } from '../errors.ts';
import { DatabaseError, mapDatabaseError } from './database-error.ts';

const map = (code: string) => mapDatabaseError(Object.assign(new Error('of the driver'), { code }), 'the place');

test('a lost right, a full disk and a lost connection are no fault of a statement: the work is tried again later', () => {
  for (const code of ['42501', '53100', '08006', '25P03', 'ECONNRESET']) {
    expect(map(code)).toBeInstanceOf(StoreUnavailableError);
  }
  expect(map('42501')).toMatchObject({ message: expect.stringContaining('lacks a right') });
  expect(map('53100')).toMatchObject({ message: expect.stringContaining('disk is full') });
});

test('a statement that the database refuses is no outage', () => {
  expect(map('23505')).toBeInstanceOf(DatabaseError);
  expect(map('42601')).toBeInstanceOf(DatabaseError);
});
