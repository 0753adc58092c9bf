import { expect, test } from 'vitest';
import { formerIds, intentScope } from './intent-scope.ts';
import { parseTaxonomy } from './parse-taxonomy.ts';

const taxonomy = parseTaxonomy({
  file: 't.yaml',
  text: `
name: Shop
intents:
  - id: purchases
    name: Purchases
    aliases: [orders]
    children:
      - { id: purchases/sending-back, name: Sending back, aliases: [purchases/returns, money-back] }
      - { id: purchases/status, name: Status }
  - id: complaints
    name: Complaints
    children:
      - { id: complaints/late, name: Late, aliases: [orders/late] }
`,
});
const scope = (name: string) => intentScope(taxonomy, name);

test('an intent is searched under its own id and all former ones, whichever of them is given', () => {
  const everywhere = [
    'purchases/sending-back',
    'orders/sending-back',
    'purchases/returns',
    'orders/returns',
    'money-back',
  ];
  for (const name of ['purchases/sending-back', 'orders/returns', 'money-back']) {
    expect(
      scope(name)
        .map(({ within }) => within)
        .toSorted(),
    ).toEqual(everywhere.toSorted());
  }
  expect(formerIds(taxonomy, 'purchases/sending-back').toSorted()).toEqual(everywhere.slice(1).toSorted());
});

test('a parent includes everything below it, except what was moved elsewhere', () => {
  expect(scope('orders')).toEqual([
    { within: 'purchases', except: [] },
    { within: 'orders', except: ['orders/late'] },
    { within: 'money-back', except: [] },
  ]);
  expect(scope('complaints')).toEqual([
    { within: 'complaints', except: [] },
    { within: 'orders/late', except: [] },
  ]);
});

test('a name that no intent has or had matches itself', () => {
  expect(scope('refunds')).toEqual([{ within: 'refunds', except: [] }]);
});

test('a node that was once its own child has no endless list of names', () => {
  const tree = parseTaxonomy({
    file: 't.yaml',
    text: 'name: T\nintents: [{ id: b, name: B, aliases: [b/c], children: [{ id: b/x, name: X }] }]',
  });
  expect(formerIds(tree, 'b/x')).toEqual(['b/c/x']);
});
