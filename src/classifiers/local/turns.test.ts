import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('searches come before tickets that wait, and each kind keeps its order', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const take = async (kind: 'search' | 'ticket', name: string) => {
    await turns.next(kind);
    order.push(name);
  };
  await Promise.all([take('ticket', 't1'), take('ticket', 't2'), take('search', 's1'), take('search', 's2')]);
  expect(order).toEqual(['s1', 's2', 't1', 't2']);
});

test('a search that comes between two tickets is next', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const searches: Promise<void>[] = [];
  const ticket = async (name: string) => {
    await turns.next('ticket');
    order.push(name);
    if (name === 't1') searches.push(turns.next('search').then(() => void order.push('s')));
  };
  await Promise.all([ticket('t1'), ticket('t2')]);
  await Promise.all(searches);
  expect(order).toEqual(['t1', 's', 't2']);
});

test('a few searches share a turn, and the loop goes on before the others', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const search = async (name: string) => {
    await turns.next('search');
    order.push(name);
  };
  const searches = Array.from({ length: 10 }, (_, i) => search(`s${i + 1}`));
  setImmediate(() => order.push('loop'));
  await Promise.all(searches);
  expect(order).toEqual(['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 'loop', 's9', 's10']);
});
