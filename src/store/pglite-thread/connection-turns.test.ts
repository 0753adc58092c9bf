import { expect, test } from 'vitest';
import { ConnectionTurns } from './connection-turns.ts';

test('an urgent turn goes before those that wait, and among equals the first goes first', async () => {
  const turns = new ConnectionTurns();
  const order: string[] = [];
  await turns.take(false);
  const ask = (name: string, urgent: boolean) =>
    turns.take(urgent).then(() => {
      order.push(name);
      turns.end();
    });
  const all = [ask('first', false), ask('second', false), ask('urgent', true), ask('next urgent', true)];
  turns.end();
  await Promise.all(all);
  expect(order).toEqual(['urgent', 'next urgent', 'first', 'second']);
  await turns.take(false); // free again
});
