import { expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { assertTicketFields } from './assert-ticket-fields.ts';

test('names every field that no ticket has, and the nearest that one has', () => {
  expect(() => assertTicketFields({ body: 'x', subjct: 'y', qqqqqqqq: 1 })).toThrow(InputError);
  expect(() => assertTicketFields({ body: 'x', subjct: 'y', qqqqqqqq: 1 })).toThrow(
    /^"subjct" is no field of a ticket\. Did you mean "subject"\? "qqqqqqqq" is no field of a ticket\. A ticket may have: id, subject, body/,
  );
});

test('takes all fields of a ticket, and leaves what is no object to the parser', () => {
  assertTicketFields({ id: '1', subject: 's', body: 'b', channel: 'app', requester: { tier: 'pro' }, tags: [] });
  for (const value of [null, 'text', [], 5]) expect(() => assertTicketFields(value)).not.toThrow();
});
