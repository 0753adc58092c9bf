import { expect, test } from 'vitest';
import { sha256 } from '../base/hash.ts';
import { hasSameContent, ticketContentHash } from './content-hash.ts';
import { normaliseText } from './normalise-text.ts';

const ticket = { subject: 'Hub', body: 'Red', requester: { tier: 'pro', attributes: { a: 1, b: 'x' } } };

test('the hash does not depend on the order of keys, the id, the time and the tags', () => {
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
  [{ ...ticket, requester: { ...ticket.requester, email: 'ana@example.com' } }],
  [{ ...ticket, channel: 'chat' }],
  [{ ...ticket, language: 'de' }],
])('other content has another hash: %j', (other) => {
  expect(ticketContentHash(other)).not.toBe(ticketContentHash(ticket));
});

test('changed attributes do not change the hash', () => {
  const seen = { ...ticket, requester: { tier: 'pro', attributes: { last_seen: '2026-11-22T10:00:00Z' } } };
  expect(ticketContentHash(seen)).toBe(ticketContentHash(ticket));
});

const own = 'The hub shows a red light and I cannot switch on any of the lamps.';
const thread =
  '\n\nOn Mon, Nov 2, 2026 at 9:12 AM Support <help@shop.example> wrote:\n> Have you tried another cable?\n';

test.each([
  [{ subject: 'Re: Hub', body: own }],
  [{ subject: 'Hub', body: `${own}${thread}` }],
  [{ subject: 'Hub', body: `${own}${thread}> Please tell us.\n` }],
  [{ subject: 'Hub', body: `<p>${own}</p>` }],
])('the same own words have the same hash: %j', (again) => {
  expect(ticketContentHash(again)).toBe(ticketContentHash({ subject: 'Hub', body: own }));
});

test('words that say nothing alone have the hash of what they answer', () => {
  const answer = { subject: 'Re: Hub', body: `Yes please.${thread}` };
  const other = { ...answer, body: answer.body.replace('another cable', 'our refund') };
  expect(ticketContentHash(other)).not.toBe(ticketContentHash(answer));
});

test('a ticket that says that a machine wrote it has another hash', () => {
  expect(ticketContentHash({ ...ticket, automatic: true })).not.toBe(ticketContentHash(ticket));
  expect(ticketContentHash({ ...ticket, automatic: false })).toBe(ticketContentHash(ticket));
});

test('a ticket stored with a hash of its whole body is recognised', () => {
  const stored = {
    contentHash: sha256(JSON.stringify(['Hub', own, '', '', '', '', ''])),
    ticket: { id: 'desk:7', subject: 'Hub', body: own },
  };
  expect(hasSameContent(stored, ticketContentHash({ subject: 'Re: Hub', body: `${own}${thread}` }))).toBe(true);
});

/** The hash as version 0.1.0 computed and stored it. */
const hashOf010 = (content: { subject: string; body: string; tier: string; attributes: [string, unknown][] }) =>
  sha256(JSON.stringify([content.subject, content.body, '', '', '', '', content.tier, content.attributes]));

test('a ticket that version 0.1.0 stored is recognised when it is sent again, even with other attributes', () => {
  const stored = {
    contentHash: hashOf010({
      subject: 'Hub',
      body: 'Red',
      tier: 'pro',
      attributes: [
        ['a', 1],
        ['b', 'x'],
      ],
    }),
    ticket: {
      ...ticket,
      id: 'desk:7',
      createdAt: '2026-11-22T10:00:00Z',
      source: { connector: 'desk', externalId: '7' },
    },
  };
  expect(stored.contentHash).not.toBe(ticketContentHash(stored.ticket));
  expect(hasSameContent(stored, ticketContentHash(ticket))).toBe(true);
  const later = { ...ticket, requester: { ...ticket.requester, attributes: { last_seen: 'today' } } };
  expect(hasSameContent(stored, ticketContentHash(later))).toBe(true);
  expect(hasSameContent(stored, ticketContentHash({ ...ticket, body: 'Green' }))).toBe(false);
});

test('normalised text ignores case, accents, punctuation and white space, and keeps kana apart', () => {
  expect(normaliseText('  ¿Dónde está\u200B mi PEDIDO?!\n')).toBe(normaliseText('donde esta mi pedido'));
  expect(normaliseText('ガラス')).not.toBe(normaliseText('カラス'));
  expect(normaliseText('order 12')).not.toBe(normaliseText('order 13'));
});
