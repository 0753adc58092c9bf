import { expect, test } from 'vitest';
import { findOptions } from './find-options.ts';

const options = [
  { value: 'orders/returns', name: 'Orders › Returns', hint: 'Sending goods back' },
  { value: 'account/close', name: 'Account › Close the account' },
  { value: 'fee', name: 'Gebühren' },
];
const valuesOf = (words: string, suggested: readonly string[] = []) =>
  findOptions({ options, words, suggested }).map(({ value }) => value);

test('every word must occur, in any field, accents and case aside', () => {
  expect(valuesOf('GEBUHR')).toEqual(['fee']);
  expect(valuesOf('back returns')).toEqual(['orders/returns']);
  expect(valuesOf('back fee')).toEqual([]);
});

test('a name that has a word beginning with it comes before others', () => {
  const named = [
    { value: 'a', name: 'Discount' },
    { value: 'b', name: 'Counting' },
  ];
  expect(findOptions({ options: named, words: 'count' }).map(({ value }) => value)).toEqual(['b', 'a']);
});

test('without words the suggested ones come first, in their order, and nothing is left out', () => {
  expect(valuesOf('  ', ['fee', 'account/close'])).toEqual(['fee', 'account/close', 'orders/returns']);
});
