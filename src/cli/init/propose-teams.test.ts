import { expect, test } from 'vitest';
import { parseTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import { planTeams } from './plan-teams.ts';
import { proposeTeams, proposeTriage } from './propose-teams.ts';

const { intents } = parseTaxonomy({
  file: 'taxonomy.yaml',
  text: `
name: Shop
intents:
  - { id: technical-issue, name: Technical issue }
  - { id: account, name: Account management, children: [{ id: account/bills, name: Billing inquiries }] }
  - { id: orders, name: Orders, description: Where a parcel is. }
  - { id: feedback, name: General feedback }
`,
});
const groups = [
  { id: '1', name: 'General' },
  { id: '2', name: 'Billing' },
  { id: '3', name: 'Technical Support' },
  { id: '4', name: 'Order desk' },
];

test('groups are proposed by words of the names of an intent and of those below it', () => {
  expect(Object.fromEntries(proposeTeams({ intents, groups }))).toEqual({
    'technical-issue': '3',
    account: '2',
    orders: '4',
    feedback: null,
  });
});

test('the group in which tickets arrive is proposed for triage', () => {
  expect(proposeTriage(groups)).toBe('1');
  expect(proposeTriage(groups.slice(1))).toBeNull();
  // Where tickets arrive, if that is one group: what nobody is sure of then stays where it is.
  expect(proposeTriage(groups, ['Order desk'])).toBe('4');
  expect(proposeTriage(groups, ['Order desk', 'Billing'])).toBe('1');
  expect(proposeTriage([...groups, { id: '5', name: 'Triage' }])).toBe('5');
});

test('intents of one group become one team with one rule, and those of the group for triage need none', () => {
  const chosen = new Map([
    ['technical-issue', '3'],
    ['account', '2'],
    ['orders', '2'],
    ['feedback', '1'],
  ]);
  expect(planTeams({ intents, groups, chosen, triage: '1' })).toEqual({
    teams: [
      { id: 'triage', name: 'General', group: '1' },
      { id: 'billing', name: 'Billing', group: '2' },
      { id: 'technical-support', name: 'Technical Support', group: '3' },
    ],
    rules: [
      { team: 'billing', intents: ['account', 'orders'] },
      { team: 'technical-support', intents: ['technical-issue'] },
    ],
  });
});

test('groups whose names make the same id, or none, get ids of their own', () => {
  const same = [
    { id: '1', name: 'Triage' },
    { id: '2', name: 'triage!' },
    { id: '3', name: '★' },
  ];
  const chosen = new Map([
    ['account', '1'],
    ['orders', '2'],
    ['feedback', '3'],
  ]);
  const { teams } = planTeams({ intents, groups: same, chosen, triage: null });
  expect(teams.map(({ id, group }) => [id, group])).toEqual([
    ['triage', null],
    ['triage-2', '1'],
    ['triage-3', '2'],
    ['team-3', '3'],
  ]);
});

test('without groups each intent at the top has a team of its own', () => {
  const { teams, rules } = planTeams({ intents, groups: [], chosen: new Map(), triage: null });
  expect(teams.map(({ id }) => id)).toEqual(['triage', 'technical-issue', 'account', 'orders', 'feedback']);
  expect(rules).toContainEqual({ team: 'orders', intents: ['orders'] });
});
