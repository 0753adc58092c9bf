import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { describeRepairs, parseIncomingTicket } from './parse-ticket.ts';
import { MAX_BODY_LENGTH, MAX_SUBJECT_LENGTH } from './ticket.ts';

const issuesOf = (value: unknown) => {
  try {
    parseIncomingTicket(value);
  } catch (error) {
    if (error instanceof InputError) return error.issues.map((issue) => issue.path);
    throw error;
  }
  throw new Error('the ticket was taken');
};

test('takes a ticket with nothing but a body', () => {
  expect(parseIncomingTicket({ body: 'Where is my order?' })).toEqual({ body: 'Where is my order?' });
});

test('takes the whole shape and drops fields it does not know', () => {
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
  ['nothing but white space', { subject: ' ', body: '\n\t' }, ['body']],
  ['nothing but NUL characters', { body: '\0\0' }, ['body']],
  ['a number as body', { body: 5 }, ['body']],
  ['null as subject', { subject: null, body: 'x' }, ['subject']],
  ['a date that is none', { body: 'x', createdAt: 'yesterday' }, ['createdAt']],
  [
    'wrong types deep inside',
    { body: 'x', requester: { attributes: { a: [] } }, tags: [1] },
    ['requester.attributes.a', 'tags[0]'],
  ],
  ['an empty id', { id: '', body: 'x' }, ['id']],
])('refuses %s and names the field', (_, value, paths) => {
  expect(issuesOf(value)).toEqual(paths);
});

test.each([[null], [undefined], ['text'], [[]], [5], [true]])('refuses %j', (value) => {
  expect(issuesOf(value)).toEqual(['']);
});

test('the message says what a ticket is', () => {
  expect(() => parseIncomingTicket({ body: 5 })).toThrow(/body: .*string.*\{"body": "Where is my order\?"\}/);
});

test('drops NUL characters and replaces lone surrogates, in every text', () => {
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

test('cuts what is too long, not through a character, and says so', () => {
  const value = { subject: `${'s'.repeat(MAX_SUBJECT_LENGTH - 1)}😀`, body: 'b'.repeat(MAX_BODY_LENGTH + 5) };
  const ticket = parseIncomingTicket(value);
  expect(ticket.subject).toBe('s'.repeat(MAX_SUBJECT_LENGTH - 1));
  expect(ticket.body).toHaveLength(MAX_BODY_LENGTH);
  expect(describeRepairs(value)).toEqual([
    `The subject was cut from ${MAX_SUBJECT_LENGTH + 1} to ${MAX_SUBJECT_LENGTH} characters.`,
    `The body was cut from ${MAX_BODY_LENGTH + 5} to ${MAX_BODY_LENGTH} characters.`,
  ]);
});

test('names every repair, and none for a sound ticket', () => {
  expect(describeRepairs({ body: 'a\0b\0', subject: '\uD800' })).toEqual([
    'Broken characters (lone surrogates) in the subject were replaced.',
    '2 NUL characters dropped from the body.',
  ]);
  expect(describeRepairs({ body: 'fine', subject: 'fine' })).toEqual([]);
});

test('a key called __proto__ reaches no prototype', () => {
  const value: unknown = JSON.parse('{"body":"x","requester":{"attributes":{"__proto__":"y","a":"b"}}}');
  expect(parseIncomingTicket(value).requester?.attributes).toEqual({ a: 'b' });
});

test('whatever comes is a ticket without broken text, or an InputError', () => {
  const text = fc.string({ unit: 'binary' });
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
