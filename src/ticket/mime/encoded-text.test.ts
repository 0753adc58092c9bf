import { expect, test } from 'vitest';
import { decodeTransfer, decodeTransferred } from './encoded-text.ts';

test('decodes encoded words in a body, next to quoted-printable lines', () => {
  expect(decodeTransferred('=?UTF-8?B?UmVmdW5kIHBsZWFzZQ==?=')).toBe('Refund please');
  const both = 'Subject: =?UTF-8?Q?nie_dzia=C5=82a?=\nkamera nie dzia=C5=82a i jest =C5=BAle\n';
  expect(decodeTransferred(both).replaceAll('\r', '')).toBe('Subject: nie działa\nkamera nie działa i jest źle\n');
});

test('decodes ISO-2022-JP that arrived as seven bits, and nothing else with dollar signs', () => {
  expect(decodeTransferred('\u001B$B%+%a%i\u001B(B')).toBe('カメラ');
  expect(decodeTransferred('It costs $B 20 (BRL)')).toBe('It costs $B 20 (BRL)');
});

test.each([
  ['l\u00E4uft', 'iso-8859-1', 'läuft'],
  ['l\u00C3\u00A4uft', 'utf-8', 'läuft'],
  ['läuft', 'utf-8', 'läuft'],
  ['\u00CF\u00CB', 'koi8-r', 'ок'],
  ['działa', 'iso-8859-2', 'działa'],
])('decodes the bytes of an 8-bit part, and leaves decoded text alone: %s in %s', (text, charset, expected) => {
  expect(decodeTransfer(text, { encoding: '8bit', charset })).toBe(expected);
});
