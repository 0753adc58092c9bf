import { describe, expect, test } from 'vitest';
import { parseTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import { createLabels } from './labels.ts';

const leaf = (id: string) => `{ id: ${id}, name: ${id.split('/').at(-1)}, description: d }`;
const taxonomy = parseTaxonomy({
  file: 'tree.yaml',
  text: `
name: T
intents:
  - { id: billing, name: Billing, description: d, children: [${leaf('billing/double-charge')}, ${leaf('billing/other')}] }
  - { id: orders, name: Orders, description: d, children: [${leaf('orders/order-status')}, ${leaf('orders/other')}] }
`,
});
const labels = createLabels(taxonomy, taxonomy.leaves);

describe('labels', () => {
  test('are the last part of the path, or the whole path where two intents share the last part', () => {
    expect(labels.all).toEqual(['double_charge', 'billing_other', 'order_status', 'orders_other']);
  });

  test('stay unique where paths differ only in their separators', () => {
    const alike = parseTaxonomy({
      file: 'tree.yaml',
      text: `
name: T
intents:
  - ${leaf('a-b-c-3')}
  - { id: a-b, name: AB, description: d, children: [${leaf('a-b/c')}] }
  - { id: a, name: A, description: d, children: [{ id: a/b, name: B, description: d, children: [${leaf('a/b/c')}] }] }
`,
    });
    const { all, nodeOf } = createLabels(alike, alike.leaves);
    expect(new Set(all).size).toBe(3);
    expect(all.map((label) => nodeOf(label)?.id)).toEqual(alike.leaves.map(({ id }) => id));
  });

  test('are recognised in any letter case, as a path and with hyphens', () => {
    for (const answered of ['order_status', 'ORDER_STATUS', 'order-status', 'Order status', 'orders/order-status']) {
      expect(labels.nodeOf(answered)?.id).toBe('orders/order-status');
    }
  });

  test('are recognised by a former id, unless another intent has that name now', () => {
    const renamed = parseTaxonomy({
      file: 'tree.yaml',
      text: `
name: T
intents:
  - { id: money, name: Money, aliases: [billing], children: [{ id: money/twice, name: Twice, aliases: [money/double-charge] }] }
  - { id: orders, name: Orders, children: [{ id: orders/status, name: Status, aliases: [orders/twice] }] }
`,
    });
    const { nodeOf } = createLabels(renamed, renamed.leaves);
    for (const answered of ['double_charge', 'billing/double-charge', 'billing_twice', 'billing/twice', 'twice']) {
      expect([answered, nodeOf(answered)?.id]).toEqual([answered, 'money/twice']);
    }
    expect(nodeOf('orders/twice')?.id).toBe('orders/status');
  });

  test('are not recognised when unknown or shared by two intents', () => {
    expect(labels.nodeOf('refund')).toBeNull();
    expect(labels.nodeOf('other')).toBeNull();
  });

  test('replace ids in a text, but not everyday words', () => {
    expect(
      labels.rewrite('Where it is: orders/order-status wins. In other cases double-charge, or a double-charges list.'),
    ).toBe('Where it is: order_status wins. In other cases double_charge, or a double-charges list.');
  });
});
