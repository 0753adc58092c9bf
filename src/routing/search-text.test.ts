import { expect, test } from 'vitest';
import { compilePattern, createSearchableText, MAX_SEARCHED } from './search-text.ts';

test.each([
  ['money back', 'I want my MONEY\n back.', true],
  ['charge', 'They charged me', false],
  ['charge', 'a re-charge', true],
  ['résumé', 'Mein RESUME fehlt', true],
  ['don’t', "I don't", true],
  ['ＡＢＣ', 'abc', true],
  ['NN-48213', 'order NN-48213, please', true],
  ['NN-48213', 'order NN-482134, please', false],
  ['返金', '昨日の返金についてです', true],
  ['환불', '환불을 원합니다', true],
  ['nothing', '', false],
])('the words "%s" in "%s": %s', (words, text, isThere) => {
  expect(createSearchableText(text).find(words)).toBe(isThere ? words : null);
});

test('a pattern returns what it matched, as the customer wrote it, regardless of case', () => {
  const text = createSearchableText('My Order nn-48213 is late');
  expect(text.find({ pattern: 'NN-\\d{5}' })).toBe('nn-48213');
  expect(text.find({ pattern: '(?-i)NN-\\d{5}' })).toBeNull();
  expect(text.find({ pattern: '\\bord\\b' })).toBeNull();
});

test('patterns that other engines try for years end at once', () => {
  const text = createSearchableText(`${'a'.repeat(MAX_SEARCHED - 1)}!`);
  expect(text.find({ pattern: '^(a+)+$' })).toBeNull();
  expect(text.find({ pattern: '^(?:a|aa)+$' })).toBeNull();
});

test('of a long text the beginning is searched', () => {
  const text = createSearchableText(`${'x '.repeat(MAX_SEARCHED)} refund`);
  expect(text.find('refund')).toBeNull();
  expect(text.find({ pattern: 'refund' })).toBeNull();
});

test('a pattern that is none is refused with its fault', () => {
  expect(() => compilePattern('(refund')).toThrow(/missing closing \)/);
  expect(() => compilePattern('(?<=a)b')).toThrow();
});
