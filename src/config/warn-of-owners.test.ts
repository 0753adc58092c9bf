import { expect, test } from 'vitest';
import { connectorsSchema } from '../connectors/connector-settings.ts';
import { findMissingOwners } from './warn-of-owners.ts';

const receive = { id: 'id', body: 'text', signature: 'unsigned' };
const team = (id: string, owners: Record<string, string> = {}) => ({ id, name: id, members: [], owners });
const find = (connectors: object, teams = [team('billing', { desk: '7' }), team('sales'), team('triage')]) =>
  findMissingOwners({
    settings: { connectors: connectorsSchema.parse(connectors), teams, triageTeam: 'triage' } as never,
  });

test.each([
  { desk: { type: 'webhook', receive, mode: 'auto' } },
  { desk: { type: 'webhook', receive, modes: { 'billing/*': 'auto' } } },
])('a team without a group in a helpdesk that is written is named: %j', (connectors) => {
  expect(find(connectors)).toMatchObject([
    { connector: 'desk', message: expect.stringMatching(/tickets of "sales",/) },
  ]);
});

test.each([
  { desk: { type: 'webhook', receive, mode: 'assist' } },
  { desk: { type: 'file', mode: 'auto' } },
  { desk: { type: 'folder', path: 'incoming', mode: 'auto' } },
])('where no group is written, no owner is missed: %j', (connectors) => {
  expect(find(connectors)).toEqual([]);
});

test('with an owner for each team there is nothing to say', () => {
  expect(find({ desk: { type: 'webhook', receive, mode: 'auto' } }, [team('billing', { desk: '7' })])).toEqual([]);
});
