import { expect, test } from 'vitest';
import { ticketContentHash } from './content-hash.ts';
import { normaliseText } from './normalise-text.ts';

const ticket = { subject: 'Hub', body: 'Red', requester: { tier: 'pro', attributes: { a: 1, b: 'x' } } };

test('the same content has the same hash, whatever the order of keys, the id, the time and the tags', () => {
  const other = {
    id: 'other',
    tags: ['routed'],
    createdAt: '2026-11-22T10:00:00Z',
    body: 'Red',
    requester: { attributes: { b: 'x', a: 1 }, tier: 'pro' },
    subject: 'Hub',
  };
  expect(ticketContentHash(other)).toBe(ticketContentHash(ticket));
  expect(ticketContentHash(ticket)).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  [{ ...ticket, body: 'Red!' }],
  [{ ...ticket, subject: 'HubRed', body: '' }],
  [{ ...ticket, requester: { ...ticket.requester, tier: 'free' } }],
  [{ ...ticket, channel: 'chat' }],
  [{ ...ticket, language: 'de' }],
])('other content has another hash: %j', (other) => {
  expect(ticketContentHash(other)).not.toBe(ticketContentHash(ticket));
});

test('normalised text ignores case, accents, punctuation and white space, and keeps kana apart', () => {
  expect(normaliseText('  ¿Dónde está\u200B mi PEDIDO?!\n')).toBe(normaliseText('donde esta mi pedido'));
  expect(normaliseText('ガラス')).not.toBe(normaliseText('カラス'));
  expect(normaliseText('order 12')).not.toBe(normaliseText('order 13'));
});
