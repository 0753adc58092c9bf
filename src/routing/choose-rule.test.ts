// biome-ignore-all lint/suspicious/noThenProperty: `then` is the word of the configuration.
import { expect, test } from 'vitest';
import { chooseRule, tryRules } from './choose-rule.ts';
import { ordinaryFacts } from './match-rule.ts';
import { routingRuleSchema } from './routing-config.ts';

const routing = [
  { name: 'vip', when: { tier: 'enterprise', intent: 'orders' }, then: { team: 'sre' } },
  { name: 'machines', when: { automatic: true }, then: { team: 'bots' } },
  { name: 'look', when: { minConfidence: 0.3 }, then: { team: 'triage' } },
  { name: 'billing', when: { intent: 'billing' }, then: { team: 'billing' } },
  { name: 'rest', then: { team: 'billing' } },
].map((rule) => routingRuleSchema.parse(rule));
const config = { routing, triageTeam: 'triage' };
const facts = { ...ordinaryFacts, intent: 'billing/refund', confidence: 0.2 };

test('the trial ends with the rule that is chosen, and says what differs in those above it', () => {
  const situation = { facts, abstained: false, config };
  expect(chooseRule(situation)?.name).toBe('billing');
  const trials = tryRules(situation);
  expect(trials.map(({ rule, matches }) => [rule.name, matches])).toEqual([
    ['vip', false],
    ['machines', false],
    ['look', false],
    ['billing', true],
  ]);
  expect(trials[0]?.checks).toEqual([
    { field: 'intent', wanted: ['orders'], found: 'billing/refund', matches: false },
    { field: 'tier', wanted: ['enterprise'], found: null, matches: false },
  ]);
});

test('rules that do not count for a ticket that no engine was sure of are passed over, with the reason', () => {
  const trials = tryRules({ facts, abstained: true, config });
  expect(trials.map(({ rule, passedOver }) => [rule.name, passedOver !== null])).toEqual([
    ['vip', true],
    ['machines', true],
    ['look', false],
    ['billing', true],
    ['rest', true],
  ]);
  expect(trials[1]?.passedOver?.text).toContain('only rules for the triage team (triage) count then');
  expect(trials.some(({ matches }) => matches)).toBe(false);
  expect(chooseRule({ facts, abstained: true, config })).toBeNull();
});

test('automatic mail meets rules for the triage team and those for machines alone', () => {
  const situation = { facts: { ...facts, automatic: true }, abstained: false, config };
  expect(chooseRule(situation)?.name).toBe('machines');
  expect(tryRules(situation)[0]?.passedOver?.text).toContain('a machine wrote the ticket');
});
