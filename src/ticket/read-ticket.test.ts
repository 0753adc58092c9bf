import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { MAX_EARLIER, readTicket } from './read-ticket.ts';
import { ticketText } from './ticket-text.ts';

const factSchema = z.strictObject({
  what: z.string(),
  subject: z.string().optional(),
  body: z.string(),
  channel: z.string().optional(),
  requester: z.strictObject({ name: z.string().optional(), email: z.string().optional() }).optional(),
  /** Among the customer's words. */
  own: z.array(z.string()).default([]),
  /** Not among them. */
  earlier: z.array(z.string()).default([]),
  /** In the text that classifiers get, with or without being the customer's. */
  context: z.array(z.string()).default([]),
  /** Neither among the customer's words nor among older messages. */
  gone: z.array(z.string()).default([]),
  automatic: z.boolean().default(false),
});

const folder = new URL('fixtures/mails/', import.meta.url);
const files = readdirSync(folder).map((name) => ({
  kind: name.replace('.yaml', ''),
  facts: z.array(factSchema).parse(parse(readFileSync(new URL(name, folder), 'utf8'))),
}));

describe.each(files)('$kind', ({ facts }) => {
  test.each(facts)('$what', ({ own, earlier, context, gone, automatic, what: _, ...ticket }) => {
    const read = readTicket(ticket);
    const words = `${read.subject}\n${read.own}`;
    const all = [words, ...read.earlier.map(({ text }) => text)].join('\n');
    for (const phrase of own) expect(words).toContain(phrase);
    for (const phrase of earlier) expect(read.own).not.toContain(phrase);
    for (const phrase of context) expect(ticketText(ticket).text).toContain(phrase);
    for (const phrase of gone) expect(all).not.toContain(phrase);
    expect(read.automatic !== null).toBe(automatic);
  });
});

const pieces = fc.constantFrom(
  'The lamp is missing.',
  '> quoted',
  '>> deeper',
  '',
  '-- ',
  '---',
  '________________________________',
  'From: Ana <ana@shop.example>',
  'Sent: Monday, November 9, 2026 9:14 AM',
  'To: D. Quill',
  'Subject: Order',
  'On Mon, Nov 9, 2026 at 9:14 AM Ana <ana@shop.example> wrote:',
  'Kind regards',
  'Dorothea',
  'Sent from my iPhone',
  'This e-mail is confidential. If you are not the intended recipient, notify the sender and delete this e-mail.',
  '<div style="display:none">hidden</div>',
  '<p>shown</p>',
  '-----Original Message-----',
);
const bodies = fc.array(pieces, { maxLength: 14 }).map((lines) => lines.join('\n'));

describe('the parts of any body', () => {
  test('cover it in order, without gaps', () => {
    fc.assert(
      fc.property(bodies, fc.constantFrom('Order', 'Re: Order', 'Fwd: Order'), (body, subject) => {
        const read = readTicket({ subject, body });
        let end = 0;
        for (const part of read.parts) {
          expect(part.start).toBe(end);
          expect(part.end).toBeGreaterThan(part.start);
          end = part.end;
        }
        expect(end).toBe(read.body.length);
      }),
    );
  });

  test('never leave a shown text without own words, and older messages stay within their limit', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const read = readTicket({ subject: 'Re: Order', body });
        const shown = read.parts.some(
          ({ kind, start, end }) => kind !== 'hidden' && /\p{L}/u.test(read.body.slice(start, end)),
        );
        if (shown) expect(read.own).not.toBe('');
        const length = read.earlier.reduce((sum, { text }) => sum + text.length, 0);
        expect(length).toBeLessThanOrEqual(MAX_EARLIER + read.earlier.length);
      }),
    );
  });
});
