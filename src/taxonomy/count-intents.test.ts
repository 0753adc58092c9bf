import { expect, test } from 'vitest';
import { countIntents } from './count-intents.ts';
import { parseTaxonomy } from './parse-taxonomy.ts';

const taxonomy = parseTaxonomy({
  file: 'tree.yaml',
  text: `
name: Shop
intents:
  - id: order
    name: Orders
    description: Orders
    children:
      - { id: order/late, name: Late, description: It is late., aliases: [delay] }
      - { id: order/lost, name: Lost, description: It is lost. }
  - { id: billing, name: Billing, description: Money. }
`,
});

test('a parent has the numbers of everything below it, and a former id counts for the intent of today', () => {
  const [order, billing] = countIntents(taxonomy, {
    tickets: new Map<string | null, number>([
      ['order/late', 3],
      ['delay', 2],
      ['order/lost', 1],
      ['order', 10],
      ['gone', 7],
      [null, 9],
    ]),
    examples: [['billing', 4]],
  });
  expect(order).toMatchObject({ id: 'order', isLeaf: false, tickets: 16, examples: 0 });
  expect(order?.children.map(({ id, tickets, isLeaf }) => [id, tickets, isLeaf])).toEqual([
    ['order/late', 5, true],
    ['order/lost', 1, true],
  ]);
  expect(billing).toMatchObject({ isLeaf: true, tickets: 0, examples: 4, children: [] });
});
