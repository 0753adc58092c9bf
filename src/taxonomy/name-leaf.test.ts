import { expect, test } from 'vitest';
import { nameLeaf } from './name-leaf.ts';
import { parseTaxonomy } from './parse-taxonomy.ts';

const leaf = (id: string, name: string) => `{ id: ${id}, name: ${name}, description: d }`;
const taxonomy = parseTaxonomy({
  file: 'taxonomy.yaml',
  text: `name: T
intents:
  - { id: a, name: Orders, children: [${leaf('a/x', 'Status')}, ${leaf('a/y', 'Change')}] }
  - { id: b, name: Returns, children: [${leaf('b/x', 'Status')}] }
`,
});

test('a leaf has its name, with that of its parent where another leaf has the same', () => {
  expect(nameLeaf(taxonomy, 'a/y')).toBe('Change');
  expect(nameLeaf(taxonomy, 'a/x')).toBe('Orders › Status');
  expect(nameLeaf(taxonomy, 'b/x')).toBe('Returns › Status');
  expect(nameLeaf(taxonomy, 'unknown')).toBe('unknown');
});
