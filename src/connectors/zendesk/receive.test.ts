import { createHmac, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { InputError } from '../../errors.ts';
import { createReceiver } from './receive.ts';

const secret = 'webhook-secret-1';
const at = new Date('2026-11-27T10:00:00Z');
const event = (type: string, more: object = {}) => ({
  type: `zen:event-type:${type}`,
  account_id: 4711,
  id: randomUUID(),
  time: at.toISOString(),
  zendesk_event_version: '2022-11-06',
  subject: 'zen:ticket:35436',
  detail: { id: '35436', status: 'OPEN', priority: 'HIGH', group_id: '1', updated_at: '2020-01-01T00:00:00Z' },
  event: {},
  ...more,
});
const bodyOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const open = (toleranceMs = 300_000) => createReceiver({ secret, toleranceMs });
const read = (value: unknown) => open().read({ headers: {}, body: bodyOf(value) });

/** As Zendesk sends it. */
function send(value: unknown, given: { invocation?: string; at?: Date; key?: string } = {}) {
  const body = Buffer.isBuffer(value) ? value : bodyOf(value);
  const timestamp = (given.at ?? at).toISOString().replace('.000Z', 'Z');
  const signature = createHmac('sha256', given.key ?? secret)
    .update(timestamp)
    .update(body)
    .digest('base64');
  return {
    headers: {
      'x-zendesk-webhook-signature': signature,
      'x-zendesk-webhook-signature-timestamp': timestamp,
      'x-zendesk-webhook-invocation-id': given.invocation ?? 'i-1',
    } as Record<string, string>,
    body,
  };
}

test('a webhook that Zendesk signed is accepted, and nothing else is', () => {
  const receiver = open();
  const good = send(event('ticket.created'));
  expect(receiver.findFault(good, at)).toBeNull();
  const other = send(event('ticket.created'), { key: 'another' });
  expect(receiver.findFault(other, at)?.text).toMatch(/does not fit/);
  expect(receiver.findFault({ ...good, body: bodyOf(event('ticket.merged')) }, at)?.text).toMatch(/does not fit/);
  const { 'x-zendesk-webhook-signature-timestamp': _, ...timeless } = good.headers;
  expect(receiver.findFault({ ...good, headers: timeless }, at)?.text).toMatch(/timestamp is missing/);
  expect(receiver.findFault({ ...good, headers: {} }, at)?.text).toMatch(/signature is missing/);
  const moved = { ...good.headers, 'x-zendesk-webhook-signature-timestamp': '2026-11-27T10:01:00Z' };
  expect(receiver.findFault({ ...good, headers: moved }, at)?.text).toMatch(/does not fit/);
});

test('a signature is good for five minutes before and after, or as long as configured', () => {
  const good = send(event('ticket.created'));
  const after = (ms: number) => new Date(at.getTime() + ms);
  expect(open().findFault(good, after(300_000))).toBeNull();
  expect(open().findFault(good, after(-300_000))).toBeNull();
  expect(open().findFault(good, after(301_000))?.text).toMatch(/more than 5 minutes/);
  expect(open().findFault(good, after(-301_000))?.text).toMatch(/more than 5 minutes/);
  expect(open(600_000).findFault(good, after(301_000))).toBeNull();
});

test('the headers that `receive` signs with are accepted, and so is an empty body', () => {
  const receiver = open();
  const body = bodyOf(event('ticket.created'));
  expect(receiver.findFault({ headers: receiver.sign(body, at), body }, at)).toBeNull();
  expect(receiver.findFault(send(Buffer.alloc(0)), at)).toBeNull();
});

test('an invocation that is sent again is the same webhook, and with another body it is another', () => {
  const receiver = open();
  const value = event('ticket.created');
  const first = receiver.deduplicationKey(send(value));
  const again = receiver.deduplicationKey(send(value, { at: new Date(at.getTime() + 60_000) }));
  expect(again).toBe(first);
  expect(receiver.deduplicationKey(send(event('ticket.merged')))).not.toBe(first);
  const trigger = { ticket_id: '7' };
  const one = receiver.deduplicationKey(send(trigger, { invocation: 'i-2' }));
  const two = receiver.deduplicationKey(send(trigger, { invocation: 'i-3', at: new Date(at.getTime() + 1_000) }));
  expect(one).not.toBe(two);
});

test('a recorded webhook is the same under another invocation id, which is not signed', () => {
  const receiver = open();
  const recorded = send(event('ticket.created'));
  const first = receiver.deduplicationKey(recorded);
  const replayed = { ...recorded, headers: { ...recorded.headers, 'x-zendesk-webhook-invocation-id': 'forged' } };
  expect(receiver.findFault(replayed, at)).toBeNull();
  expect(receiver.deduplicationKey(replayed)).toBe(first);
  expect(first.length).toBeLessThanOrEqual(200);
});

test('of an event the id of the ticket counts, and nothing else', () => {
  expect(read(event('ticket.created'))).toEqual([{ externalId: '35436' }]);
  expect(read(event('ticket.comment_added', { detail: { id: 7 } }))).toEqual([{ externalId: '7' }]);
  expect(read(event('ticket.custom_field_changed', { detail: undefined }))).toEqual([{ externalId: '35436' }]);
});

test('an event about a deletion says so', () => {
  for (const type of ['ticket.soft_deleted', 'ticket.permanently_deleted']) {
    expect(read(event(type))).toEqual([{ externalId: '35436', isDeleted: true }]);
  }
  expect(read(event('ticket.marked_as_spam'))).toEqual([{ externalId: '35436' }]);
  expect(read(event('ticket.undeleted'))).toEqual([{ externalId: '35436' }]);
});

test('events about other things are of no interest', () => {
  expect(read(event('user.created', { subject: 'zen:user:1', detail: { id: '1' } }))).toEqual([]);
  expect(read(event('organization.deleted', { subject: 'zen:organization:1' }))).toEqual([]);
});

test.each([[{ ticket_id: '7' }], [{ ticket_id: 7 }], [{ id: '7' }], [{ ticket: { id: 7, title: 'x' } }]])(
  'a trigger sends %o',
  (body) => {
    expect(read(body)).toEqual([{ externalId: '7' }]);
  },
);

test.each([
  ['no JSON', Buffer.from('{"ticket_id": "{{ticket.id}}')],
  ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ['nothing', Buffer.alloc(0)],
  ['a placeholder that was not filled', bodyOf({ ticket_id: '{{ticket.id}}' })],
  ['a path as its id', bodyOf({ ticket_id: '7/../8' })],
  ['an event without a ticket', bodyOf(event('ticket.created', { subject: 'zen:ticket:', detail: {} }))],
])('a body with %s is no webhook', (_, body) => {
  expect(() => open().read({ headers: {}, body })).toThrow(InputError);
});
