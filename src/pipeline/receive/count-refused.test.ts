import { expect, test } from 'vitest';
import { createRefusedCount } from './count-refused.ts';

test('refused webhooks are counted by connector, of today and in all, with the last reason', () => {
  let at = new Date('2026-11-26T23:59:00Z');
  const count = createRefusedCount({ now: () => at });
  expect(count.all()).toEqual([]);
  count.add({ connector: null, why: 'there is no such connector' });
  count.add({ connector: 'desk', why: 'the header is missing' });
  count.add({ connector: 'desk', why: 'the signature does not fit' });
  const lastAt = '2026-11-26T23:59:00.000Z';
  expect(count.all()).toEqual([
    { connector: 'desk', today: 2, total: 2, lastAt, lastWhy: 'the signature does not fit' },
    { connector: null, today: 1, total: 1, lastAt, lastWhy: 'there is no such connector' },
  ]);
  at = new Date('2026-11-27T00:01:00Z');
  count.add({ connector: null, why: 'there is no such connector' });
  expect(count.all()).toMatchObject([
    { connector: 'desk', today: 0, total: 2, lastAt },
    { connector: null, today: 1, total: 2, lastAt: '2026-11-27T00:01:00.000Z' },
  ]);
});
