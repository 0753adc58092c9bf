import { expect, test } from 'vitest';
import { extendTaxonomy } from './extend-taxonomy.ts';
import { parseTaxonomy } from './parse-taxonomy.ts';

const tree = (intents: string) => parseTaxonomy({ file: 't.yaml', text: `name: T\nintents:\n${intents}` });
const base = tree(`
  - id: a
    name: A
    description: The base's own words.
    children:
      - { id: a/one, name: One, description: First. }
  - { id: b, name: B, description: A leaf. }
`);
const launch = tree(`
  - id: a
    name: Other
    description: Other words.
    children:
      - { id: a/two, name: Two, description: Second. }
  - { id: c, name: C, description: New at the top. }
`);

test('former ids of both trees are known, except those that are nodes of the other tree', () => {
  const one = tree('  - { id: a, name: A, aliases: [old-a, b] }');
  const other = tree('  - { id: b, name: B, aliases: [a, old-b] }');
  expect([...extendTaxonomy(one, other).aliases]).toEqual([
    ['old-b', 'b'],
    ['old-a', 'a'],
  ]);
});

test('new leaves come below their parents, and old nodes keep their texts', () => {
  const extended = extendTaxonomy(base, launch);
  expect(extended.leaves.map(({ id }) => id)).toEqual(['a/one', 'b', 'a/two', 'c']);
  expect(extended.nodes.get('a')).toMatchObject({ name: 'A', description: "The base's own words." });
  expect(extended.nodes.get('a')?.children.map(({ id }) => id)).toEqual(['a/one', 'a/two']);
  expect(base.nodes.get('a')?.children).toHaveLength(1);
  expect([base.version, launch.version]).not.toContain(extended.version);
});
