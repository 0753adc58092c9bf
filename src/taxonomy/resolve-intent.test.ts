import { expect, test } from 'vitest';
import { parseTaxonomy } from './parse-taxonomy.ts';
import { explainWrongLeaf, resolveIntent, resolveLeaf } from './resolve-intent.ts';

const taxonomy = parseTaxonomy({
  file: 't.yaml',
  text: `
name: Shop
intents:
  - id: purchases
    name: Purchases
    aliases: [orders, buying/things]
    children:
      - { id: purchases/sending-back, name: Sending back, aliases: [purchases/returns, money-back] }
      - { id: purchases/status, name: Status }
`,
});
const resolve = (id: string) => resolveIntent(taxonomy, id);

test('an intent is found by its own id and by a former one', () => {
  expect(resolve('purchases/status')).toBe('purchases/status');
  expect(resolve('money-back')).toBe('purchases/sending-back');
  expect(resolve('orders')).toBe('purchases');
});

test('children of a renamed parent are found by their former ids, also when they were renamed later', () => {
  expect(resolve('orders/status')).toBe('purchases/status');
  expect(resolve('buying/things/status')).toBe('purchases/status');
  expect(resolve('orders/returns')).toBe('purchases/sending-back');
});

test('an unknown id gives null', () => {
  expect(['refunds', 'orders/refunds', 'money-back/more', 'order', ''].map(resolve)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
});

test('a label needs a leaf', () => {
  expect(resolveLeaf(taxonomy, 'orders/returns')).toBe('purchases/sending-back');
  expect(resolveLeaf(taxonomy, 'orders')).toBeNull();
});

test('a wrong label is explained with the leaf that was probably meant', () => {
  const explain = (id: string) => explainWrongLeaf(taxonomy, id);
  const unknown = (id: string) => `there is no intent "${id}"`;
  expect(explain('purchases/statsu')).toEqual({
    message: unknown('purchases/statsu'),
    cure: 'Did you mean "purchases/status"?',
  });
  expect(explain('sending-back')).toEqual({
    message: unknown('sending-back'),
    cure: 'Did you mean "purchases/sending-back"?',
  });
  expect(explain('invoices')).toEqual({
    message: unknown('invoices'),
    cure: 'Name a leaf of the taxonomy. If the intent was renamed, list this id under its `aliases`.',
  });
  expect(explain('orders')?.cure).toBe('Name one of purchases/sending-back, purchases/status.');
  expect(['money-back', 'purchases/status'].map(explain)).toEqual([null, null]);
});
