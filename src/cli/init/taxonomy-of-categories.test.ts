import { expect, test } from 'vitest';
import { parseTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import { taxonomyOfCategories } from './taxonomy-of-categories.ts';

const treeOf = (...names: string[]) => {
  const categories = names.map((name, index) => ({ id: String(index), name }));
  return parseTaxonomy({ file: 'taxonomy.yaml', text: taxonomyOfCategories({ title: 'Desk', categories }) });
};

test('levels of names become levels of the tree', () => {
  const { leaves, nodes } = treeOf('Orders / Where is it?', 'Orders / Returns', 'Billing');
  expect(leaves.map(({ id, name }) => [id, name])).toEqual([
    ['orders/where-is-it', 'Where is it?'],
    ['orders/returns', 'Returns'],
    ['billing', 'Billing'],
  ]);
  expect(nodes.get('orders')?.name).toBe('Orders');
});

test('names of any script, with signs of YAML, the same twice, and without letters give a tree that can be used', () => {
  const { leaves } = treeOf('返品', 'Größe & Farbe: "neu"', 'a: b', 'A b', '- #', '…', ' / ');
  expect(leaves.map(({ id, name }) => [id, name])).toEqual([
    ['返品', '返品'],
    ['größe-farbe-neu', 'Größe & Farbe: "neu"'],
    ['a-b', 'a: b'],
    ['a-b-2', 'A b'],
    ['category-5', '- #'],
    ['category-6', '…'],
  ]);
});

test('a category with others below it is their parent, in any order', () => {
  expect(treeOf('Orders / Late', 'Orders').leaves.map(({ id }) => id)).toEqual(['orders/late']);
  expect(treeOf('Orders', 'Orders / Late').leaves.map(({ id }) => id)).toEqual(['orders/late']);
});
