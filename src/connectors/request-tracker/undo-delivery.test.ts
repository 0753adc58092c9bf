import { expect, test } from 'vitest';
import type { Written } from '../../ticket/helpdesk-ticket.ts';
import { createRtClient, type TicketChange } from './client.ts';
import type { RtTicket } from './schemas.ts';
import { undoDelivery } from './undo-delivery.ts';
import type { WriteContext } from './write-context.ts';

const at = '2026-11-27T10:00:00Z';
const { signal } = new AbortController();
const customFields = { intent: 'Category', confidence: 'Confidence', urgency: 'Urgency', language: 'Language' };

const ids: readonly (readonly [string, string])[] = [
  ['1', 'Category'],
  ['2', 'Confidence'],
  ['3', 'Urgency'],
  ['4', 'Language'],
];
const ticketWith = (values: Readonly<Record<string, string>>, overrides: Partial<RtTicket> = {}): RtTicket => ({
  ...{ id: '7', Subject: 'Parcel', Status: 'open', Queue: { id: '4', Name: 'Billing' }, Owner: { id: 'ana' } },
  ...{ Priority: '100', Created: at, LastUpdated: at, Requestor: [], _hyperlinks: [] },
  CustomFields: ids.map(([id, name]) => ({ id, name, values: values[name] === undefined ? [] : [values[name]] })),
  ...overrides,
});
const ours = { Category: 'billing', Confidence: '0.99', Urgency: 'high', Language: 'de' };
const written: Written = {
  before: { group: '3', assignee: null, priority: '0', intent: null },
  after: { group: '4', assignee: 'ana', priority: '100', intent: 'billing' },
  fields: [
    { field: 'Confidence', before: null, after: '0.99' },
    { field: 'Urgency', before: 'low', after: 'high' },
    { field: 'Language', before: null, after: 'de' },
  ],
  noteId: '30',
};

/** Takes back from a ticket; `keeps` are the fields that RT does not change. */
async function undo(options: { ticket: RtTicket; written: Written; keeps?: readonly string[] }) {
  const { keeps = [] } = options;
  let { ticket } = options;
  const comments: string[] = [];
  const apply = ({ Queue, Owner, Priority, CustomFields = {} }: TicketChange) => {
    ticket = {
      ...ticket,
      ...(Queue !== undefined && { Queue: { id: Queue } }),
      ...(Owner !== undefined && !keeps.includes('Owner') && { Owner: { id: Owner } }),
      ...(Priority !== undefined && { Priority: String(Priority) }),
      CustomFields: ticket.CustomFields.map((field) => {
        const value = CustomFields[field.id];
        return value === undefined ? field : { ...field, values: [value ?? []].flat() };
      }),
    };
  };
  const client: WriteContext['client'] = {
    ...createRtClient({ connector: 'rt', url: 'http://127.0.0.1:1', token: 't' }),
    changeTicket: async ({ change }) => {
      apply(change);
      return true;
    },
    getTicket: async () => ({ ticket, etag: '41' }),
    comment: async ({ text }) => {
      comments.push(text);
      return { id: '42' };
    },
  };
  const context: WriteContext = {
    ...{ client, customFields, noteLanguage: 'en', place: { intentField: 'Category', closed: [] } },
    threads: {
      read: async () => ({ kind: 'thread', etag: '40', ticket, transactions: [], texts: new Map() }),
      ...{ last: () => null, noteComment: () => {}, clear: () => {} },
    },
    priorities: { low: 0, normal: 50, high: 100, urgent: 100 },
    self: async () => 'bot',
    findQueue: async () => null,
  };
  const note = 'Switchboard: the assignment was taken back. [d-1]';
  const request = { externalId: '7', decisionId: 'd-1', written: options.written, note, signal };
  const result = await undoDelivery(context, request);
  const values = ticket.CustomFields.map(({ values: [value] }) => value ?? null);
  return { result, comments, values, ticket };
}

test('every field gets its old value, and result and note name each of them', async () => {
  const { result, comments, values, ticket } = await undo({ ticket: ticketWith(ours), written });
  expect(ticket).toMatchObject({ Queue: { id: '3' }, Owner: { id: 'Nobody' }, Priority: '0' });
  expect(values).toEqual([null, null, 'low', null]);
  expect(result).toEqual({
    state: 'undone',
    detail: 'queue, owner, priority, Category, Confidence, Urgency and Language',
  });
  expect(comments).toEqual([
    'Switchboard: the assignment was taken back. [undo d-1]\nTaken back: queue, owner, priority, Category, Confidence, Urgency, Language',
  ]);
});

test('what somebody has changed since stays and is named, whichever field it is', async () => {
  const changed = ticketWith({ ...ours, Category: 'orders', Urgency: 'low!' }, { Queue: { id: '5' } });
  const { result, comments, values, ticket } = await undo({ ticket: changed, written });
  expect(ticket).toMatchObject({ Queue: { id: '5' }, Priority: '0' });
  expect(values).toEqual(['orders', null, 'low!', null]);
  expect(result).toEqual({
    state: 'undone',
    detail:
      'owner, priority, Confidence and Language; left, because somebody has changed them since: queue, Category and Urgency',
  });
  expect(comments[0]).toContain('\nLeft, because somebody has changed it since: queue, Category, Urgency');
});

test('what RT does not set back is named as such', async () => {
  const { result } = await undo({ ticket: ticketWith(ours), written, keeps: ['Owner'] });
  expect(result).toMatchObject({ detail: expect.stringMatching(/Language; could not be set back: owner$/) });
});

test('nothing is written where everything was changed since', async () => {
  const other = { Category: 'a', Confidence: '1', Urgency: 'b', Language: 'c' };
  const ticket = ticketWith(other, { Queue: { id: '5' }, Owner: { id: 'li' }, Priority: '7' });
  expect(await undo({ ticket, written })).toMatchObject({
    result: { state: 'kept', detail: 'everything that was written has been changed since' },
    comments: [],
  });
});

test('of a delivery that was stored without its custom fields, the confidence goes with the intent', async () => {
  const { fields: _, ...stored } = written;
  const { result, values } = await undo({ ticket: ticketWith(ours), written: stored });
  expect(values).toEqual([null, null, 'high', 'de']);
  expect(result).toMatchObject({ state: 'undone', detail: 'queue, owner, priority, Category and Confidence' });
});

test('of a note alone, another one says that it no longer holds', async () => {
  const noteAlone = { before: {}, after: {}, fields: [], noteId: '30' };
  expect(await undo({ ticket: ticketWith(ours), written: noteAlone })).toMatchObject({
    result: { state: 'undone', detail: 'the comment, by another one' },
    comments: ['Switchboard: the assignment was taken back. [undo d-1]'],
  });
});
