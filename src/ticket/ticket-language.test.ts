import { expect, test } from 'vitest';
import { languageOfTicket } from './ticket-language.ts';

const english = [
  'From: Shop Support <help@shop.example>',
  'Sent: Monday, 2 November 2026 10:12',
  'To: Ana <ana@customer.example>',
  'Subject: Your order has been shipped',
  '',
  'Dear Ana, your order has left our warehouse and will reach you within the next three working days.',
].join('\n');

test.each([
  ['the language that it was sent with', { body: 'Where is my parcel?', language: 'pt-BR' }, 'pt-BR'],
  ['of the subject and the body', { subject: 'Rechnung', body: 'Die Rechnung für Oktober kam zweimal.' }, 'de'],
  [
    'of the own words, not of the subject of a thread',
    {
      subject: 'Re: Your order has been shipped to you today',
      body: `Das Paket ist noch nicht angekommen.\n\n${english}`,
    },
    'de',
  ],
  ['of the thread where the own words show none', { subject: 'Re: 4711', body: `ok\n\n${english}` }, 'en'],
  ['of the subject where there is no body', { subject: 'Mein Paket ist noch nicht angekommen', body: '' }, 'de'],
  ['none where no words are', { body: '4711' }, null],
])('is %s', (_, ticket, language) => {
  expect(languageOfTicket({ id: 't', ...ticket })).toBe(language);
});
