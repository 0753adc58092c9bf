import { expect, test } from 'vitest';
import { say } from '../../base/say.ts';
import { createRefusedCount } from './count-refused.ts';

const nobody = say('webhook.unknown-name', 'there is no such connector');
const missing = say('webhook.header-missing', 'the header x is missing', { header: 'x' });
const wrong = say('webhook.wrong-signature', 'the signature does not fit');

test('refused webhooks are counted by connector, of today and in all, with the last reason', () => {
  let at = new Date('2026-11-26T23:59:00Z');
  const count = createRefusedCount({ now: () => at });
  expect(count.all()).toEqual([]);
  count.add({ connector: null, why: nobody });
  count.add({ connector: 'desk', why: missing });
  count.add({ connector: 'desk', why: wrong });
  const lastAt = '2026-11-26T23:59:00.000Z';
  expect(count.all()).toEqual([
    { connector: 'desk', today: 2, total: 2, lastAt, lastWhy: wrong.text, lastWhyFacts: wrong.facts },
    { connector: null, today: 1, total: 1, lastAt, lastWhy: nobody.text, lastWhyFacts: nobody.facts },
  ]);
  at = new Date('2026-11-27T00:01:00Z');
  count.add({ connector: null, why: nobody });
  expect(count.all()).toMatchObject([
    { connector: 'desk', today: 0, total: 2, lastAt },
    { connector: null, today: 1, total: 2, lastAt: '2026-11-27T00:01:00.000Z' },
  ]);
});
