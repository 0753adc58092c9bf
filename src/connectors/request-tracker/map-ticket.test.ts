import { expect, test } from 'vitest';
import { isHarmless, type MapContext, mapTicket } from './map-ticket.ts';
import type { People } from './people.ts';
import type { Text, Thread } from './read-thread.ts';
import type { RtRequestor, RtTicket, RtTransaction } from './schemas.ts';

const at = '2026-11-27T10:00:00Z';
const context: MapContext = {
  connector: 'rt',
  url: 'https://rt.example/rt/',
  self: 'switchboard',
  place: { intentField: 'category', tagsField: 'Tags', closed: ['resolved'] },
  ownFields: ['category', 'Tags'],
};
const field = (id: string, name: string, ...values: string[]) => ({ id, name, values });
const requestor: RtRequestor = {
  type: 'user',
  id: 'joao',
  EmailAddress: 'joao@acme.example',
  RealName: 'João',
  Lang: 'pt_BR',
  Organization: 'Acme',
};
const transaction = (id: number, Type: string, Creator: string, rest: Partial<RtTransaction> = {}): RtTransaction => ({
  id,
  Type,
  Field: '',
  OldValue: '',
  NewValue: '',
  Created: at,
  ObjectId: '7',
  ...rest,
  Creator: { id: Creator },
});

function map(options: { ticket?: Partial<RtTicket>; transactions?: RtTransaction[]; texts?: [number, Text][] }) {
  const ticket: RtTicket = {
    id: '7',
    Subject: 'Parcel',
    Status: 'open',
    Queue: { id: '3', Name: 'Inbox' },
    Owner: { id: 'Nobody' },
    Priority: '0',
    Created: at,
    LastUpdated: at,
    Requestor: [{ type: 'user', id: 'joao' }],
    CustomFields: [],
    _hyperlinks: [],
    ...options.ticket,
  };
  const { transactions = [], texts = [] } = options;
  const thread: Thread = { kind: 'thread', etag: '99', ticket, transactions, texts: new Map(texts) };
  const people: People = {
    agents: new Set(['ana']),
    names: new Map([
      ['6', 'Nobody'],
      ['12', 'ana'],
    ]),
    requestor,
  };
  return mapTicket({ thread, people, context });
}

test('the requestor has name, address, company and language, and the other custom fields as attributes', () => {
  const CustomFields = [
    field('2', 'Category', 'billing'),
    field('5', 'Plan', 'gold'),
    field('6', 'Region'),
    field('8', 'Tags', 'vip'),
  ];
  const { ticket, place } = map({ ticket: { CustomFields } });
  expect(ticket).toEqual({
    subject: 'Parcel',
    language: 'pt-BR',
    requester: { name: 'João', email: 'joao@acme.example', organisation: 'Acme', attributes: { Plan: 'gold' } },
    tags: ['vip'],
    source: { connector: 'rt', externalId: '7', url: 'https://rt.example/rt/Ticket/Display.html?id=7', group: 'Inbox' },
  });
  expect(place).toMatchObject({ intent: 'billing', tags: ['vip'] });
});

test('mails of RT are automatic messages, and a comment of a scrip is none of an agent', () => {
  const transactions = [
    transaction(1, 'Create', 'joao'),
    transaction(2, 'EmailRecord', 'RT_System'),
    transaction(3, 'CommentEmailRecord', 'RT_System'),
    transaction(4, 'Comment', 'RT_System'),
    transaction(5, 'Correspond', 'cc@acme.example'),
    transaction(6, 'Comment', 'switchboard'),
  ];
  const texts = transactions.map(({ id }): [number, Text] => [id, { text: `text ${id}`, attachments: 0 }]);
  expect(map({ transactions, texts }).messages.map(({ from, isPublic, text }) => [from, isPublic, text])).toEqual([
    ['customer', true, 'text 1'],
    ['system', true, 'text 2'],
    ['system', false, 'text 4'],
    ['customer', true, 'text 5'],
  ]);
});

test('changes of tags are told as whole lists, although RT names single values', () => {
  const change = (id: number, values: Partial<RtTransaction>) =>
    transaction(id, 'CustomField', 'ana', { Field: '8', ...values });
  const { changes } = map({
    ticket: { CustomFields: [field('8', 'Tags', 'vip', 'late')] },
    transactions: [
      change(1, { NewValue: 'old' }),
      change(2, { NewValue: 'vip' }),
      change(3, { OldValue: 'old' }),
      change(4, { NewValue: 'late' }),
    ],
  });
  expect(changes.map(({ from, to }) => [from, to])).toEqual([
    [null, 'old'],
    ['old', 'vip,old'],
    ['vip,old', 'vip'],
    ['vip', 'vip,late'],
  ]);
});

test('an owner is told once and by name, and changes of a ticket that was merged into this one are not its own', () => {
  const owner = { Field: 'Owner', OldValue: '6', NewValue: '12' };
  const { changes } = map({
    transactions: [
      transaction(1, 'Set', 'ana', { Field: 'Queue', OldValue: '1', NewValue: '2', ObjectId: '6' }),
      transaction(2, 'Set', 'ana', owner),
      transaction(3, 'SetWatcher', 'ana', owner),
      transaction(4, 'Set', 'ana', { Field: 'Subject', OldValue: 'a', NewValue: 'b' }),
    ],
  });
  expect(changes).toEqual([
    { sourceId: '2', at, by: { kind: 'agent', id: 'ana', name: 'ana' }, field: 'assignee', from: null, to: 'ana' },
  ]);
});

test.each([
  ['a mail that RT noted', transaction(1, 'EmailRecord', 'RT_System'), true],
  ['a time that RT noted', transaction(1, 'Set', 'RT_System', { Field: 'Told' }), true],
  ['a change of our own', transaction(1, 'Set', 'switchboard', { Field: 'Queue' }), true],
  ['a queue that a scrip has set', transaction(1, 'Set', 'RT_System', { Field: 'Queue' }), false],
  ['a status that a scrip has set', transaction(1, 'Status', 'RT_System', { Field: 'Status' }), false],
  ['a further message', transaction(1, 'Correspond', 'joao'), false],
  ['a subject that an agent has changed', transaction(1, 'Set', 'ana', { Field: 'Subject' }), false],
  ['a merge', transaction(1, 'AddLink', 'ana', { Field: 'MergedInto' }), false],
])('%s between decision and delivery is harmless or not', (_, change, isFine) => {
  expect(isHarmless(change, 'switchboard')).toBe(isFine);
});
