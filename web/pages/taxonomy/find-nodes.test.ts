import { expect, test } from 'vitest';
import { findNodes } from './find-nodes.ts';

const nodes = [
  { id: 'order', name: 'Orders', description: '' },
  { id: 'order/late', name: 'Late', description: 'It has not come: Verspätung.' },
  { id: 'billing', name: 'Billing', description: 'Money.' },
];
const idsOf = (words: string) => findNodes(nodes, words).map(({ id }) => id);

test('finds by name, id and description, accents aside, and keeps the nodes above', () => {
  expect(idsOf('')).toEqual(['order', 'order/late', 'billing']);
  expect(idsOf('verspatung')).toEqual(['order', 'order/late']);
  expect(idsOf('late come')).toEqual(['order', 'order/late']);
  expect(idsOf('money')).toEqual(['billing']);
  expect(idsOf('nothing')).toEqual([]);
});
