import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { describeRepairs, parseIncomingTicket, parseLabelledTicket } from './parse-ticket.ts';
import { MAX_ATTRIBUTES, MAX_BODY_LENGTH, MAX_LABELS, MAX_SUBJECT_LENGTH, MAX_TAGS } from './ticket.ts';

const issuesOf = (value: unknown, parse: (value: unknown) => unknown = parseIncomingTicket) => {
  try {
    parse(value);
  } catch (error) {
    if (error instanceof InputError) return error.issues.map((issue) => issue.path);
    throw error;
  }
  throw new Error('the ticket was taken');
};

test('spaces around the address of the requester are removed', () => {
  const requester = { email: ' Ana@example.com\n' };
  expect(parseIncomingTicket({ body: 'x', requester }).requester).toEqual({ email: 'Ana@example.com' });
  const labelled = { id: 'e-1', body: 'x', intent: 'orders', requester };
  expect(parseLabelledTicket(labelled).requester).toEqual({ email: 'Ana@example.com' });
});

test('accepts a ticket with only a body', () => {
  expect(parseIncomingTicket({ body: 'Where is my order?' })).toEqual({ body: 'Where is my order?' });
});

test('accepts every field and drops unknown ones', () => {
  const ticket = {
    id: 't-1',
    subject: 'Hub',
    body: 'Red light',
    createdAt: '2026-11-22T10:00:00Z',
    channel: 'email',
    language: 'en',
    requester: {
      name: 'Ana',
      email: 'ana@example.com',
      tier: 'pro',
      attributes: { region: 'emea', seats: 4, vip: true },
    },
    tags: ['a'],
    source: { connector: 'desk', externalId: '123', url: 'https://desk.example/123' },
  };
  expect(parseIncomingTicket({ ...ticket, unknown: 1 })).toEqual(ticket);
});

test.each([
  ['an empty object', {}, ['body']],
  ['an empty body', { body: '' }, ['body']],
  ['only white space', { subject: ' ', body: '\n\t' }, ['body']],
  ['only NUL characters', { body: '\0\0' }, ['body']],
  ['a number as body', { body: 5 }, ['body']],
  ['null as subject', { subject: null, body: 'x' }, ['subject']],
  ['an invalid date', { body: 'x', createdAt: 'yesterday' }, ['createdAt']],
  [
    'wrong types in nested fields',
    { body: 'x', requester: { attributes: { a: [] } }, tags: [1] },
    ['requester.attributes.a', 'tags[0]'],
  ],
  ['an empty id', { id: '', body: 'x' }, ['id']],
])('refuses %s and names the field', (_, value, paths) => {
  expect(issuesOf(value)).toEqual(paths);
});

const entries = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));

test.each([
  ['too many attributes', { requester: { attributes: entries(MAX_ATTRIBUTES + 1) } }, 'requester.attributes'],
  [
    'a long name of an attribute',
    { requester: { attributes: { ['k'.repeat(101)]: 1 } } },
    /^requester\.attributes\.k+…$/,
  ],
  ['a long attribute', { requester: { attributes: { k: 'v'.repeat(2_001) } } }, 'requester.attributes.k'],
  ['a long name', { requester: { name: 'n'.repeat(501) } }, 'requester.name'],
  ['a long address', { requester: { email: 'e'.repeat(501) } }, 'requester.email'],
  ['a long tier', { requester: { tier: 't'.repeat(101) } }, 'requester.tier'],
  ['too many tags', { tags: Array.from({ length: MAX_TAGS + 1 }, () => 't') }, 'tags'],
  ['a long tag', { tags: ['t'.repeat(201)] }, 'tags[0]'],
  ['a long link', { source: { connector: 'c', externalId: '1', url: 'u'.repeat(2_001) } }, 'source.url'],
  ['a long id in the helpdesk', { source: { connector: 'c', externalId: 'e'.repeat(201) } }, 'source.externalId'],
  ['a long id', { id: 'i'.repeat(201) }, 'id'],
  ['a long channel', { channel: 'c'.repeat(101) }, 'channel'],
  ['a long language', { language: 'l'.repeat(36) }, 'language'],
  ['a long date', { createdAt: '2026-11-22T10:00:00Z'.repeat(50_000) }, 'createdAt'],
])('refuses %s and names the field', (_, fields, path) => {
  const paths = issuesOf({ body: 'x', ...fields });
  expect(paths).toEqual([typeof path === 'string' ? path : expect.stringMatching(path)]);
});

test.each([
  ['a long body', { body: 'b'.repeat(MAX_BODY_LENGTH + 1) }, 'body'],
  ['a long subject', { subject: 's'.repeat(MAX_SUBJECT_LENGTH + 1) }, 'subject'],
  ['a long intent', { intent: 'i'.repeat(501) }, 'intent'],
  ['a long rationale', { rationale: 'r'.repeat(2_001) }, 'rationale'],
  ['too many slices', { slices: Array.from({ length: MAX_LABELS + 1 }, () => 's') }, 'slices'],
  ['a long slice', { slices: ['s'.repeat(201)] }, 'slices[0]'],
  [
    'too many secondary intents',
    { secondaryIntents: Array.from({ length: MAX_LABELS + 1 }, () => 'a') },
    'secondaryIntents',
  ],
  ['a long secondary intent', { secondaryIntents: ['a'.repeat(501)] }, 'secondaryIntents[0]'],
  ['a long reference', { variantOf: 'v'.repeat(201) }, 'variantOf'],
  ['too many attributes', { requester: { attributes: entries(MAX_ATTRIBUTES + 1) } }, 'requester.attributes'],
])('refuses a labelled ticket with %s instead of cutting it', (_, fields, path) => {
  expect(issuesOf({ id: 'e', body: 'x', intent: 'a', ...fields }, parseLabelledTicket)).toEqual([path]);
});

test('accepts a ticket and an example of the largest size', () => {
  const full = {
    id: 'i'.repeat(200),
    subject: 's'.repeat(MAX_SUBJECT_LENGTH),
    body: 'b'.repeat(MAX_BODY_LENGTH),
    requester: { name: 'n'.repeat(500), attributes: entries(MAX_ATTRIBUTES) },
    tags: Array.from({ length: MAX_TAGS }, () => 't'),
  };
  expect(parseIncomingTicket(full)).toEqual(full);
  const labelled = { ...full, intent: 'a', rationale: 'r'.repeat(2_000), slices: Array(MAX_LABELS).fill('s') };
  expect(parseLabelledTicket(labelled)).toEqual(labelled);
});

test('counts entries before it validates them, and lists at most twenty errors', () => {
  const looked: PropertyKey[] = [];
  const attributes = new Proxy(entries(5_000), {
    get: (target, key) => {
      looked.push(key);
      return Reflect.get(target, key);
    },
  });
  const value = { body: 'x', requester: { attributes } };
  expect(() => parseIncomingTicket(value)).toThrow(/requester\.attributes: .*limit is 100, and 5000 were sent/);
  expect(looked).toEqual([]);
  expect(issuesOf({ body: 'x', tags: Array.from({ length: MAX_TAGS }, () => 1) })).toHaveLength(20);
});

test('does not validate unknown fields', () => {
  const looked: PropertyKey[] = [];
  const unknown = new Proxy(
    {},
    {
      ownKeys: () => {
        looked.push('keys');
        return [];
      },
    },
  );
  const ticket = { body: 'x', unknown, requester: { tier: 'pro', unknown } };
  expect(parseIncomingTicket(ticket)).toEqual({ body: 'x', requester: { tier: 'pro' } });
  expect(looked).toEqual([]);
});

test.each([[null], [undefined], ['text'], [[]], [5], [true]])('refuses %j', (value) => {
  expect(issuesOf(value)).toEqual(['']);
});

test('the message says what a ticket is', () => {
  expect(() => parseIncomingTicket({ body: 5 })).toThrow(/body: .*string.*\{"body": "Where is my order\?"\}/);
});

test('drops NUL characters and replaces lone surrogates in every text', () => {
  const ticket = parseIncomingTicket({
    subject: 'a\0b',
    body: 'half \uD83D and \uDE00, whole 😀',
    requester: { name: 'A\0na', attributes: { 'k\0ey': 'v\uD800' } },
    tags: ['t\0'],
  });
  expect(ticket.subject).toBe('ab');
  expect(ticket.body).toBe('half \uFFFD and \uFFFD, whole 😀');
  expect(ticket.requester).toEqual({ name: 'Ana', attributes: { key: 'v\uFFFD' } });
  expect(ticket.tags).toEqual(['t']);
});

test('cuts a subject and a body that are too long, without splitting a character, and reports it', () => {
  const value = { subject: `${'s'.repeat(MAX_SUBJECT_LENGTH - 1)}😀`, body: 'b'.repeat(MAX_BODY_LENGTH + 5) };
  const ticket = parseIncomingTicket(value);
  expect(ticket.subject).toBe('s'.repeat(MAX_SUBJECT_LENGTH - 1));
  expect(ticket.body).toHaveLength(MAX_BODY_LENGTH);
  expect(describeRepairs(value)).toEqual([
    `The subject was cut from ${MAX_SUBJECT_LENGTH + 1} to ${MAX_SUBJECT_LENGTH} characters.`,
    `The body was cut from ${MAX_BODY_LENGTH + 5} to ${MAX_BODY_LENGTH} characters.`,
  ]);
});

test('a language that is none is set aside with a note in a ticket, and refused in a labelled one', () => {
  const ticket = { body: 'Where is it?', language: 'xx-klingon' };
  expect(parseIncomingTicket(ticket)).toEqual({ body: 'Where is it?' });
  expect(describeRepairs(ticket)).toEqual([
    'The language "xx-klingon" is not the code of a language, so it is read from the text.',
  ]);
  for (const language of ['pt_BR', 'pt-BR', 'de']) {
    expect(parseIncomingTicket({ ...ticket, language })).toEqual({ ...ticket, language });
    expect(describeRepairs({ ...ticket, language })).toEqual([]);
  }
  const labelled = { id: '1', body: 'Where is it?', intent: 'a', language: 'German' };
  expect(() => parseLabelledTicket(labelled)).toThrow(/language: "German" is not the code of a language. Write de;? ?/);
  expect(parseLabelledTicket({ ...labelled, language: 'de_AT' }).language).toBe('de_AT');
});

test('describes every repair, and none for a ticket that needs none', () => {
  expect(describeRepairs({ body: 'a\0b\0', subject: '\uD800' })).toEqual([
    'Broken characters (lone surrogates) in the subject were replaced.',
    '2 NUL characters were dropped from the body.',
  ]);
  expect(describeRepairs({ body: 'fine', subject: 'fine' })).toEqual([]);
});

test('drops a key called __proto__', () => {
  const value: unknown = JSON.parse('{"body":"x","requester":{"attributes":{"__proto__":"y","a":"b"}}}');
  expect(parseIncomingTicket(value).requester?.attributes).toEqual({ a: 'b' });
});

test('returns a ticket without broken text or throws InputError, for any value', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '\n', '\0', '\uD83D', '\uDE00', '\u0301') });
  const ticketLike = fc.record({ id: text, subject: text, body: text, tags: fc.array(text) }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), ticketLike), (value) => {
      try {
        const ticket = parseIncomingTicket(value);
        const whole = `${ticket.id ?? ''}${ticket.subject ?? ''}${ticket.body ?? ''}${ticket.tags?.join('') ?? ''}`;
        expect(whole.includes('\0')).toBe(false);
        expect(whole.isWellFormed()).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 60 },
  );
});

describe('a raw mail as the body', () => {
  const mail = [
    'Received: from mx.example.org by mail.shop.example; Tue, 24 Nov 2026 09:12:00 +0100',
    'From: =?UTF-8?B?SsO8cmdlbg==?= Kern <j.kern@customer.example>',
    'Subject: =?UTF-8?Q?Bitte_K=C3=BCndigung?=',
    ' =?UTF-8?Q?_best=C3=A4tigen?=',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Siehe Betreff.',
  ].join('\r\n');

  test('gives the ticket its subject and its requester', () => {
    expect(parseIncomingTicket({ body: mail })).toEqual({
      body: mail,
      subject: 'Bitte Kündigung bestätigen',
      requester: { name: 'Jürgen Kern', email: 'j.kern@customer.example' },
    });
  });

  test('gives it nothing that it has, and no other body does', () => {
    const own = { subject: 'Mine', requester: { email: 'a@b.example' } };
    expect(parseIncomingTicket({ ...own, body: mail })).toEqual({ ...own, body: mail });
    const shown = 'Subject: what I typed\nFrom: me <a@b.example>\n\nPlease help.';
    expect(parseIncomingTicket({ body: shown })).toEqual({ body: shown });
  });
});
