import { describe, expect, test } from 'vitest';
import { type GeneratedMail, generateMails } from '../../testing/generated-mails/generate-mails.ts';
import { readTicket } from '../read-ticket.ts';
import { tidyText } from '../tidy-text.ts';

const mails = generateMails();
const read = mails.map((mail) => ({ mail, ticket: readTicket({ id: 'T-1', ...mail }) }));

/** The text in one line, without the closing formula and the name: either may count as own words or as a signature. */
function comparable(text: string, { signOff }: GeneratedMail): string {
  const lines = tidyText(text).split('\n');
  return lines.filter((line) => line !== '' && !signOff.includes(line)).join(' ');
}

describe('mails of Outlook, Gmail, Apple Mail, Thunderbird and Yahoo in eleven languages', () => {
  test('are at least 300, all different', () => {
    expect(new Set(mails.map(({ body }) => body)).size).toBeGreaterThanOrEqual(300);
  });

  test('keep their own words exactly, in at least 97 of 100', () => {
    const misses = read
      .map(({ mail, ticket }) => ({
        mail: mail.name,
        expected: comparable(mail.own, mail),
        found: comparable(ticket.own, mail),
      }))
      .filter(({ expected, found }) => expected !== found);
    if (misses.length > mails.length * 0.03) expect(misses).toEqual([]);
  });

  test('are covered by their parts, in order and without gaps', () => {
    for (const { mail, ticket } of read) {
      let end = 0;
      for (const part of ticket.parts) {
        expect(part.start, mail.name).toBe(end);
        expect(part.end, mail.name).toBeGreaterThan(part.start);
        end = part.end;
      }
      expect(end, mail.name).toBe(ticket.body.length);
    }
  });

  test('lose no text: what is written in them is in the body', () => {
    for (const { mail, ticket } of read) {
      const body = tidyText(ticket.body).replace(/[>\s]+/g, ' ');
      for (const line of mail.own.split('\n').filter((text) => text !== '')) {
        expect(body, mail.name).toContain(tidyText(line));
      }
    }
  });
});
