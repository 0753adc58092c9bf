import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../errors.ts';
import { loadTaxonomy, parseTaxonomy } from './parse-taxonomy.ts';
import { isWithin } from './taxonomy.ts';

const file = 'taxonomy.yaml';
const small = `
name: Shop
priority: [orders/returns, orders]
whenAngry: complaint
instructions: Prefer orders.
intents:
  - id: orders
    name: Orders
    instructions: Read the order number.
    children:
      - id: orders/returns
        name: Returns
        description: Wants to send something back.
        includes: [Labels, Refunds]
        excludes: [Damaged goods are complaints]
        examples: [I want to return the lamp]
      - { id: orders/status, name: Status }
  - { id: complaints, name: Complaints }
`;

const problemsOf = (text: string) => {
  try {
    parseTaxonomy({ text, file });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map((p) => `${p.line}: ${p.message} → ${p.cure}`);
    throw error;
  }
  return [];
};

describe('a sound taxonomy', () => {
  test('has its tree, lookups and leaves', () => {
    const taxonomy = parseTaxonomy({ text: small, file });
    expect(taxonomy.leaves.map((leaf) => leaf.id)).toEqual(['orders/returns', 'orders/status', 'complaints']);
    expect([...taxonomy.nodes.keys()]).toEqual(['orders', 'orders/returns', 'orders/status', 'complaints']);
    expect(taxonomy).toMatchObject({
      name: 'Shop',
      priority: ['orders/returns', 'orders'],
      whenAngry: 'complaint',
      instructions: 'Prefer orders.',
    });
    expect(taxonomy.nodes.get('orders/returns')).toEqual({
      id: 'orders/returns',
      name: 'Returns',
      description: 'Wants to send something back.',
      includes: ['Labels', 'Refunds'],
      excludes: ['Damaged goods are complaints'],
      examples: ['I want to return the lamp'],
      instructions: '',
      children: [],
    });
    expect(taxonomy.nodes.get('orders')?.children[1]).toBe(taxonomy.nodes.get('orders/status'));
  });

  test('has the same version for the same content, another for other content', () => {
    const { version } = parseTaxonomy({ text: small, file });
    const commented = small.replace('whenAngry: complaint', '# why not\nwhenAngry: "complaint"');
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    expect(parseTaxonomy({ text: commented, file: 'other.yaml' }).version).toBe(version);
    expect(parseTaxonomy({ text: small.replace('Labels', 'Label'), file }).version).not.toBe(version);
    expect(
      parseTaxonomy({ text: small.replace('[orders/returns, orders]', '[orders, orders/returns]'), file }).version,
    ).not.toBe(version);
  });

  test('may be JSON, of one intent, with ids in any script', () => {
    const text = '{"name":"Laden","intents":[{"id":"rückgabe","name":"Rückgabe"},{"id":"注文","name":"注文"}]}';
    expect(parseTaxonomy({ text, file }).leaves).toHaveLength(2);
  });

  test('of the sample company has 12 parents and 43 leaves, all with borders', async () => {
    const taxonomy = await loadTaxonomy(fileURLToPath(new URL('../../sample/taxonomy.yaml', import.meta.url)));
    expect(taxonomy.intents).toHaveLength(12);
    expect(taxonomy.leaves).toHaveLength(43);
    expect(taxonomy.leaves.filter((leaf) => leaf.description === '' || leaf.excludes.length === 0)).toEqual([]);
  });
});

test('former ids are known, and change neither nodes nor version', () => {
  const renamed = small.replace('- { id: complaints,', '- { id: complaints, aliases: [anger, orders/anger],');
  const taxonomy = parseTaxonomy({ text: renamed, file });
  expect([...taxonomy.aliases]).toEqual([
    ['anger', 'complaints'],
    ['orders/anger', 'complaints'],
  ]);
  expect(taxonomy.version).toBe(parseTaxonomy({ text: small, file }).version);
});

test('priority may name former ids, also those of renamed parents, and means the intents of today', () => {
  const renamed = small
    .replaceAll('orders', 'purchases')
    .replace('- id: purchases\n', '- id: purchases\n    aliases: [orders]\n')
    .replace('id: purchases/returns\n', 'id: purchases/returns\n        aliases: [send-back]\n');
  const { priority, version } = parseTaxonomy({ text: renamed, file });
  for (const former of ['[send-back, orders]', '[orders/returns, purchases]']) {
    const text = renamed.replace('[purchases/returns, purchases]', former);
    expect(parseTaxonomy({ text, file })).toMatchObject({ priority, version });
  }
  expect(problemsOf(renamed.replace('[purchases/returns, purchases]', '[purchases, orders]'))).toEqual([
    '3: priority[1]: "orders" is named twice → Keep one of the two.',
  ]);
  const broken = renamed.replace('name: Complaints', 'nme: Complaints');
  expect(problemsOf(broken.replace('[purchases/returns, purchases]', '[send-back]')).join()).not.toContain('priority');
});

describe('a taxonomy with errors', () => {
  test('names aliases that are ids, or that two nodes claim', () => {
    const text = `name: T
intents:
  - { id: a, name: A, aliases: [b, old, "not an id"] }
  - { id: b, name: B, aliases: [old, ""] }
`;
    expect(problemsOf(text)).toEqual([
      '3: intents[0].aliases[0]: "b" is the id of an intent (line 4) → List only ids that are no longer used.',
      '3: intents[0].aliases[2]: the alias "not an id" was never an id → Use letters, digits and "-" (also "_" and "." inside), with "/" between parent and child.',
      '4: intents[1].aliases[1] is empty → Fill it in.',
      '4: intents[1].aliases[0]: the alias "old" is used twice (first on line 3) → Keep it where its examples belong.',
    ]);
  });

  test('is refused with all of them at once, each with its line and what to do', () => {
    const text = `name: 5
intents:
  - id: a
    name: A
    discription: x
    children:
      - id: b/c
        name: C
      - {id: a/d, name: D}
      - {id: a/d}
  - id: "x/y"
    name: Y
    children: []
  - id: "has space"
    name: Y
    includes: text
priority: [a/e, a, a]
whenAngry: never
`;
    expect(problemsOf(text)).toEqual([
      '1: name must be a text, not 5 → Put it in quotes, for example "billing".',
      '5: intents[0].discription is not a known field → Did you mean "description"?',
      '7: intents[0].children[0].id: the id "b/c" is outside the path of its parent "a" → Call it "a/c", or move it below its own parent.',
      '10: intents[0].children[2].name is missing → Add it; it must be a text.',
      '10: intents[0].children[2].id: the id "a/d" is used twice (first on line 9) → Give one of the two another id.',
      '11: intents[1].id: the id "x/y" has a parent in its path, but the node is at the top level → Put it below "x", or call it "y".',
      '13: intents[1].children is empty → Fill it in.',
      '14: intents[2].id: the id "has space" has characters that an id cannot have → Use letters, digits and "-" (also "_" and "." inside), with "/" between parent and child.',
      '16: intents[2].includes must be a list, not a text → Write it as a list, for example [a, b].',
      '17: priority[0]: there is no intent "a/e" → Did you mean "a/d"?',
      '17: priority[2]: "a" is named twice → Keep one of the two.',
      '18: whenAngry is "never" → Write one of intent, complaint.',
    ]);
  });

  test.each([
    ['an empty file', '', ['name is missing', 'intents is missing']],
    ['an empty tree', 'name: x\nintents: []', ['intents is empty']],
    ['a list', '- x', ['the file must be a map of fields, not a list']],
    [
      'a child that skips a level',
      'name: x\nintents: [{id: a, name: A, children: [{id: a/b/c, name: C}]}]',
      ['outside the path of its parent "a"'],
    ],
    ['invalid YAML', 'name: [', ['not valid YAML']],
    ['a key twice', 'name: a\nname: b', ['not valid YAML: Map keys must be unique']],
    ['a tab', 'name: a\n\tintents: b', ['not valid YAML: Tabs']],
  ])('is refused for %s', (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(expected.length);
    expected.forEach((message, index) => {
      expect(problems[index]).toContain(message);
    });
  });

  test.each([
    ['brackets without end', '['.repeat(20_000)],
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]`,
    ],
    ['an alias of itself', 'name: &a [*a]'],
  ])('survives %s', (_, text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });

  test('that does not exist is named with what to do', async () => {
    await expect(loadTaxonomy('/nowhere/taxonomy.yaml')).rejects.toThrow(
      '/nowhere/taxonomy.yaml: the taxonomy file does not exist. Check `taxonomy:` in the configuration, or --taxonomy.',
    );
  });
});

test('an intent is within itself and its parents, but not within an id with the same beginning', () => {
  expect(isWithin('a/b', 'a')).toBe(true);
  expect(isWithin('a', 'a')).toBe(true);
  expect(isWithin('ab', 'a')).toBe(false);
  expect(isWithin('a', 'a/b')).toBe(false);
});
