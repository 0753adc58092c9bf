import { expect, test } from 'vitest';
import { checkSample } from '../scripts/check-sample.ts';
import { findPersonalData, passesIbanChecksum, passesLuhn } from '../scripts/find-personal-data.ts';

test('the sample company has enough tickets, without duplicates, near-copies or data of real people', async () => {
  expect((await checkSample()).problems).toEqual([]);
});

test.each([
  ['write to jo@gmail.com', 'e-mail'],
  ['see https://northnook.io/help', 'site'],
  ['from 8.8.8.8', 'IP'],
  ['card 4111 1111 1111 1111', 'card'],
  ['pay to DE89 3704 0044 0532 0130 00', 'IBAN'],
  ['call +49 30 901820', 'telephone'],
])('finds what could belong to somebody real: %s', (text, word) => {
  expect(findPersonalData(text).join()).toContain(word);
});

test('accepts fictional ranges, order numbers and versions of three parts', () => {
  const text =
    'jo@mail.example.com, +1 212-555-0143, +44 7700 900123, order NN-48213, firmware 6.4.0, 192.0.2.7, https://help.northnook.example';
  expect(findPersonalData(text)).toEqual([]);
});

test('checksums agree with published examples', () => {
  expect(passesLuhn('79927398713')).toBe(true); // the example of ISO/IEC 7812-1
  expect(passesLuhn('79927398710')).toBe(false);
  expect(passesIbanChecksum('GB82WEST12345698765432')).toBe(true); // the example of ISO 13616
  expect(passesIbanChecksum('GB82WEST12345698765431')).toBe(false);
});
