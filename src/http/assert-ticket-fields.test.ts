import { expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { assertTicketFields } from './assert-ticket-fields.ts';

test('lists every unknown field with the nearest known one', () => {
  expect(() => assertTicketFields({ body: 'x', subjct: 'y', qqqqqqqq: 1 })).toThrow(InputError);
  expect(() => assertTicketFields({ body: 'x', subjct: 'y', qqqqqqqq: 1 })).toThrow(
    /^"subjct" is not a field of a ticket\. Did you mean "subject"\? "qqqqqqqq" is not a field of a ticket\. A ticket may have: id, subject, body/,
  );
});

test('accepts all fields of a ticket, and leaves a value that is not an object to the parser', () => {
  assertTicketFields({ id: '1', subject: 's', body: 'b', channel: 'app', requester: { tier: 'pro' }, tags: [] });
  for (const value of [null, 'text', [], 5]) expect(() => assertTicketFields(value)).not.toThrow();
});
