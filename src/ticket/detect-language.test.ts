import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { detectLanguage } from './detect-language.ts';

const shortTickets = z
  .record(z.string(), z.array(z.string()))
  .parse(JSON.parse(readFileSync(new URL('./fixtures/short-tickets.json', import.meta.url), 'utf8')));
const { none = [], ...languages } = shortTickets;

test.each(Object.entries(languages))('knows short tickets in %s, and guesses none wrong', (language, tickets) => {
  const answers = tickets.map((ticket) => detectLanguage(ticket));
  expect(answers.filter((answer) => answer !== language && answer !== null)).toEqual([]);
  expect(answers.filter((answer) => answer === language).length).toBeGreaterThanOrEqual(tickets.length - 2);
});

test('says nothing of codes, addresses and emoji', () => {
  expect(none.map((ticket) => [ticket, detectLanguage(ticket)])).toEqual(none.map((ticket) => [ticket, null]));
});

test.each([['forgot password'], ['wheres my parcel'], ['whisper mode'], ['me he mudado!!']])(
  'says nothing rather than guess: %s',
  (text) => {
    expect([null, 'en', 'es']).toContain(detectLanguage(text));
  },
);

test('reads the language around codes and addresses', () => {
  expect(detectLanguage('Hola, el pedido NN-48213 no llega: https://northnook.example/track/order/status')).toBe('es');
});

test('answers for the longest text', () => {
  expect(detectLanguage('Wo ist meine Bestellung? '.repeat(8_000))).toBe('de');
});
