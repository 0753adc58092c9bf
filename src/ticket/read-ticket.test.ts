import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mailFacts, ticketOf } from '../testing/mail-facts.ts';
import { MAX_EARLIER, readTicket } from './read-ticket.ts';
import { languageOfTicket } from './ticket-language.ts';
import { ticketText } from './ticket-text.ts';

describe.each(mailFacts)('$kind', ({ facts }) => {
  test.each(facts)('$what', (fact) => {
    const ticket = ticketOf(fact);
    const read = readTicket(ticket);
    const words = `${read.subject}\n${read.own}`;
    const all = [words, ...read.earlier.map(({ text }) => text)].join('\n');
    for (const phrase of fact.own) expect(words).toContain(phrase);
    for (const phrase of fact.earlier) expect(read.own).not.toContain(phrase);
    for (const phrase of fact.context) expect(ticketText(ticket).text).toContain(phrase);
    for (const phrase of fact.gone) expect(all).not.toContain(phrase);
    expect(read.automatic !== null).toBe(fact.automatic);
  });

  const inOtherLanguages = facts.filter(({ language }) => language !== undefined);
  test.each(inOtherLanguages)('is in the language $language: $what', (fact) => {
    expect(languageOfTicket(ticketOf(fact))).toBe(fact.language);
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
