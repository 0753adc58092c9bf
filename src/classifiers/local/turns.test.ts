import { expect, test } from 'vitest';
import { createTurns, inPieces } from './turns.ts';

test('turns are given one at a time, in order, and the loop goes on in between', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const take = async (name: string) => {
    await turns.next();
    order.push(name);
    setImmediate(() => order.push(`loop after ${name}`));
  };
  await Promise.all([take('t1'), take('t2'), take('t3')]);
  expect(order).toEqual(['t1', 't2', 'loop after t1', 't3']);
});

test('a turn that is asked for during another one comes after those that wait', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const take = async (name: string) => {
    await turns.next();
    order.push(name);
  };
  const first = take('t1').then(() => take('t1 again'));
  await Promise.all([first, take('t2')]);
  expect(order).toEqual(['t1', 't2', 't1 again']);
});

test('many items are worked on in pieces, each begun when the one before is done and the loop has gone on', async () => {
  const order: string[] = [];
  await inPieces([1, 2, 3, 4, 5], {
    size: 2,
    run: async (piece) => {
      await Promise.resolve();
      order.push(piece.join('+'));
      setImmediate(() => order.push('loop'));
    },
  });
  expect(order.slice(0, 5)).toEqual(['1+2', 'loop', '3+4', 'loop', '5']);
});
