import { expect, test } from 'vitest';
import { composeThread } from './compose-thread.ts';
import type { Message } from './helpdesk-ticket.ts';
import { readTicket } from './read-ticket.ts';

const message = (from: Message['from'], text: string, more: Partial<Message> = {}): Message => ({
  ...{
    id: text,
    at: '2026-11-27T10:00:00Z',
    from,
    author: from === 'agent' ? 'Ana' : 'Mia: <b>',
    text,
    isPublic: true,
  },
  attachments: 0,
  ...more,
});
const read = (messages: readonly Message[]) => {
  const { body } = composeThread(messages);
  const { own, earlier } = readTicket({ subject: 'Order 7', body });
  return { own, earlier: earlier.map(({ text }) => text).join('\n') };
};

test("the newest message of the customer is the customer's own, and the thread is context", () => {
  const thread = [
    message('customer', 'Where is my parcel?\nI wait since Monday.'),
    message('agent', 'It is on its way.'),
    message('customer', 'I want my money back.'),
    message('agent', 'Just a moment.'),
  ];
  const { own, earlier } = read(thread);
  expect(own).toBe('I want my money back.');
  expect(earlier).toContain('It is on its way.');
  expect(earlier).toContain('Where is my parcel?\nI wait since Monday.');
  expect(earlier.indexOf('It is on its way.')).toBeLessThan(earlier.indexOf('Where is my parcel?'));
  expect(earlier).not.toContain('Just a moment.');
});

test('notes and automatic replies are left out', () => {
  const { own, earlier } = read([
    message('customer', 'Where is my parcel?'),
    message('system', 'We have received your message.'),
    message('agent', 'He is a difficult one.', { isPublic: false }),
    message('customer', 'Hello?'),
  ]);
  expect(own).toBe('Hello?');
  expect(earlier).not.toMatch(/received|difficult/);
});

test('a ticket that an agent wrote down is read as it is', () => {
  expect(composeThread([message('agent', 'She called: the lamp is broken.')]).body).toBe(
    'She called: the lamp is broken.',
  );
  expect(composeThread([])).toEqual({ body: '', attachments: 0 });
});

test('HTML in a thread becomes text, and one message alone stays as it came', () => {
  expect(composeThread([message('customer', '<p>Hello</p>')]).body).toBe('<p>Hello</p>');
  const { own, earlier } = read([
    message('customer', '<p>One <b>lamp</b></p>'),
    message('customer', '<p>Two lamps</p>'),
  ]);
  expect({ own, earlier: earlier.includes('One lamp') }).toEqual({ own: 'Two lamps', earlier: true });
});

test('an endless thread is cut, and the files of the newest message are counted', () => {
  const long = Array.from({ length: 500 }, (_, index) => message('agent', `${index} `.repeat(400)));
  const { body, attachments } = composeThread([...long, message('customer', 'Please call.', { attachments: 2 })]);
  expect(body.length).toBeLessThan(50_000);
  expect(attachments).toBe(2);
  expect(readTicket({ subject: '', body }).own).toBe('Please call.');
});

test('messages that are long and say nothing are not all read', () => {
  const empty = '<p> </p>'.repeat(25_000);
  const thread = Array.from({ length: 100 }, (_, index) => message('customer', empty, { id: String(index) }));
  const { body } = composeThread([...thread, message('customer', 'Where is my parcel?')]);
  expect(body).toMatch(/^Where is my parcel\?/);
  // What has been read is quoted, empty as it is.
  expect(body.match(/Original Message/g)?.length).toBeLessThan(5);
});
