import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { detectLanguage } from './detect-language.ts';

const shortTickets = z
  .record(z.string(), z.array(z.string()))
  .parse(JSON.parse(readFileSync(new URL('./fixtures/short-tickets.json', import.meta.url), 'utf8')));
const { none = [], ...languages } = shortTickets;

test.each(Object.entries(languages))('detects most short tickets in %s, and no wrong language', (language, tickets) => {
  const detected = tickets.map((ticket) => detectLanguage(ticket));
  expect(detected.filter((found) => found !== language && found !== null)).toEqual([]);
  expect(detected.filter((found) => found === language).length).toBeGreaterThanOrEqual(tickets.length - 2);
});

test('detects no language in codes, addresses and emoji', () => {
  expect(none.map((ticket) => [ticket, detectLanguage(ticket)])).toEqual(none.map((ticket) => [ticket, null]));
});

test.each([['forgot password'], ['wheres my parcel'], ['whisper mode'], ['me he mudado!!']])(
  'detects the right language or none: %s',
  (text) => {
    expect([null, 'en', 'es']).toContain(detectLanguage(text));
  },
);

test('detects the language of the text around codes and addresses', () => {
  expect(detectLanguage('Hola, el pedido NN-48213 no llega: https://northnook.example/track/order/status')).toBe('es');
});

test('detects the language of short texts in Cyrillic letters, also with a name in Latin ones, or none', () => {
  expect(detectLanguage('Hub не включается')).toBe('ru');
  expect(detectLanguage('Де моє замовлення?')).toBe('uk');
  expect([null, 'ru']).toContain(detectLanguage('Лампа не пришла.'));
});

test('detects the language of the longest text', () => {
  expect(detectLanguage('Wo ist meine Bestellung? '.repeat(8_000))).toBe('de');
});
