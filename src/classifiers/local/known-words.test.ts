import { expect, test } from 'vitest';
import { isKnownWord } from './known-words.ts';
import { extractFeatures, tokenise } from './text-features.ts';
import { fitVectoriser } from './vectoriser.ts';

const examples = ['I want a refund for the invoice', 'Die Rechnung stimmt nicht', 'The room was booked twice'];
const vectoriser = fitVectoriser(examples.map((text) => extractFeatures(tokenise(text))));

test.each([
  ['refund', true],
  ['refunds', true],
  ['refunding', true],
  ['book', true],
  ['rooms', true],
  ['hotelrechnung', true],
  ['rechnungsnummer', true],
  ['izmir', false],
  ['linen', false],
  ['ogrzewanie', false],
  ['congratulations', false],
  ['vorstellungsgesprache', false],
  ['4711', false],
])('%s is a word of the examples, a form or a part of one: %s', (word, isKnown) => {
  expect(isKnownWord(word, vectoriser)).toBe(isKnown);
});
