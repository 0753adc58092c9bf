import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitTicket } from './fit-ticket.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'x', '\0', '\0\0en', '\uD800'.repeat(300), `${'a'.repeat(199)}😀`, 'en_US', 'a'.repeat(3_000)),
);

const none = { subject: '', channel: '', language: '', tags: [] };
const noOne = { name: '', email: '', tier: '', organisation: '' };

test('what a helpdesk says in any field becomes a ticket', () => {
  const ticket = fc.record({
    ...{ subject: text, channel: text, language: text },
    tags: fc.array(text, { maxLength: 300 }),
    requester: fc.record({
      ...{ name: text, email: text, tier: text, organisation: text },
      attributes: fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean()), { maxKeys: 150 }),
    }),
  });
  fc.assert(
    fc.property(ticket, text, (fields, group) => {
      const source = { connector: 'desk', externalId: '1', url: group, group };
      expect(fitTicket({ ...fields, body: 'Hello', source }).body).toBe('Hello');
    }),
    { numRuns: 100, examples: [[{ ...none, requester: { ...noOne, attributes: { a: Infinity } } }, 'x']] },
  );
});
