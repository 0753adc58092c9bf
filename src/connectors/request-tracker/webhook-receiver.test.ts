import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { InputError } from '../../errors.ts';
import { createWebhookReceiver } from './webhook-receiver.ts';

const webhook = createWebhookReceiver('secret-1');
const bodyOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const body = bodyOf({ event: 'Create', ticket: 17, transaction: 321 });
const at = new Date('2026-11-27T10:00:00Z');
const later = (seconds: number) => new Date(at.getTime() + seconds * 1_000);
const signBodyAlone = (signed: Buffer) => ({
  'x-webhook-signature': `sha256=${createHmac('sha256', 'secret-1').update(signed).digest('hex')}`,
});

test('a webhook that is signed with its time is accepted for five minutes', () => {
  const headers = webhook.sign(body, at);
  expect(headers).toEqual({
    'x-webhook-signature': expect.stringMatching(/^sha256=[0-9a-f]{64}$/),
    'x-webhook-timestamp': '1795773600',
  });
  expect(webhook.findFault({ headers, body }, later(299))).toBeNull();
  expect(webhook.findFault({ headers, body }, later(301))?.text).toMatch(/more than 5 minutes/);
  expect(webhook.findFault({ headers, body: bodyOf({ ticket: 18, transaction: 321 }) }, at)?.text).toMatch(
    /does not fit/,
  );
  expect(webhook.findFault({ headers: { ...headers, 'x-webhook-timestamp': '1795773601' }, body }, at)?.text).toMatch(
    /does not fit/,
  );
});

test('a webhook of which only the body is signed is accepted, and is the same one whenever it is sent again', () => {
  const request = { headers: signBodyAlone(body), body };
  expect(webhook.findFault(request, later(9_999))).toBeNull();
  expect(webhook.deduplicationKey(request)).toBe(webhook.deduplicationKey({ headers: {}, body }));
  expect(webhook.deduplicationKey(request)).not.toBe(
    webhook.deduplicationKey({ headers: {}, body: bodyOf({ ticket: 17, transaction: 322 }) }),
  );
  expect(webhook.findFault({ headers: {}, body }, at)?.text).toMatch(/is missing/);
});

test('a signature over time and body is none over a body that begins with the time', () => {
  const { 'x-webhook-signature': signature } = webhook.sign(body, at);
  const forged = Buffer.concat([Buffer.from('1795773600.'), body]);
  expect(signBodyAlone(forged)['x-webhook-signature']).toBe(signature);
  expect(webhook.findFault({ headers: { 'x-webhook-signature': signature }, body: forged }, at)?.text).toMatch(
    /no JSON/,
  );
  // Without its time, the header does not fit either.
  expect(webhook.findFault({ headers: { 'x-webhook-signature': signature }, body }, at)?.text).toMatch(/does not fit/);
});

test('only the id of the ticket is taken from a webhook', () => {
  const signed = bodyOf({ event: 'Create', ticket: 17, transaction: 321, queue: 'VIP', subject: 'x' });
  expect(webhook.read({ headers: {}, body: signed })).toEqual([{ externalId: '17' }]);
});

test.each([
  ['no JSON', Buffer.from('{"ticket":'), /not JSON in UTF-8/],
  ['no ticket', bodyOf({ transaction: 1 }), /does not name a ticket/],
  ['no transaction, so that it could not be told from the next', bodyOf({ ticket: 1 }), /does not name a ticket/],
  ['a path as ticket', bodyOf({ ticket: '../user/1', transaction: 1 }), /does not name a ticket/],
])('a body with %s is kept as a mistake', (_, wrong, message) => {
  expect(() => webhook.read({ headers: {}, body: wrong })).toThrow(InputError);
  expect(() => webhook.read({ headers: {}, body: wrong })).toThrow(message);
});
