import { expect, test } from 'vitest';
import { checkCondition, matchesCondition, ordinaryFacts, type RouteFacts } from './match-rule.ts';
import { conditionSchema } from './routing-config.ts';
import { createSearchableText } from './search-text.ts';

const facts: RouteFacts = {
  ...ordinaryFacts,
  intent: 'billing/refund',
  domain: 'eu.acme.example',
  organisation: 'Acme Ltd',
  tags: ['vip', 'Renewal'],
  attributes: { plan: 'Gold', seats: 40, trial: false },
  group: 'Incoming',
  text: createSearchableText('Where is my refund?\n\nOrder NN-48213'),
};
const matches = (when: unknown, of: RouteFacts = facts) => matchesCondition(conditionSchema.parse(when), of);

test.each([
  [{ domain: 'acme.example' }, true],
  [{ domain: '@EU.Acme.example' }, true],
  [{ domain: 'cme.example' }, false],
  [{ domain: ['other.example', 'acme.example'] }, true],
  [{ organisation: 'acme ltd' }, true],
  [{ organisation: 'Acme' }, false],
  [{ tags: 'renewal' }, true],
  [{ tags: ['churn', 'vip'] }, true],
  [{ tags: ['churn'] }, false],
  [{ attributes: { plan: ['gold', 'platinum'] } }, true],
  [{ attributes: { seats: 40, trial: false } }, true],
  [{ attributes: { plan: 'gold', seats: 41 } }, false],
  [{ attributes: { region: 'emea' } }, false],
  [{ attributes: { constructor: 'x' } }, false],
  [{ group: ['incoming', 'first line'] }, true],
  [{ group: 'Billing' }, false],
  [{ text: 'refund' }, true],
  [{ text: ['invoice', { pattern: 'NN-\\d{5}' }] }, true],
  [{ text: 'invoice' }, false],
  [{ intent: 'billing', text: 'refund', tags: 'vip', domain: 'acme.example' }, true],
  [{ intent: 'orders', text: 'refund' }, false],
])('%j matches: %s', (when, isMatch) => {
  expect(matches(when)).toBe(isMatch);
  expect(checkCondition(conditionSchema.parse(when), facts).every((check) => check.matches)).toBe(isMatch);
});

test('a field of which the ticket says nothing does not match', () => {
  const unknown: RouteFacts = { ...ordinaryFacts, intent: null };
  for (const when of [{ domain: 'acme.example' }, { organisation: 'Acme' }, { tags: 'vip' }, { group: 'x' }]) {
    expect(matches(when, unknown)).toBe(false);
  }
  expect(checkCondition(conditionSchema.parse({ tags: 'vip' }), unknown)).toEqual([
    { field: 'tags', wanted: ['vip'], found: null, matches: false },
  ]);
});

test('a pattern that cannot be used is refused in words', () => {
  const result = conditionSchema.safeParse({ text: { pattern: '(refund' } });
  expect(JSON.stringify(result.error?.issues)).toMatch(/this pattern cannot be used: missing closing \)/);
});
