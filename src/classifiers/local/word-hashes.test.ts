import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashWord, tokenise } from './text-features.ts';
import { hashWords } from './word-hashes.ts';

const expected = (text: string) => tokenise(text).map(({ word }) => hashWord(word));

test.each([
  '',
  "It's Bob's dog's'bone, isn't it? '90s rock'n'roll 5'9 it's5 a''b 'c'",
  `${'x'.repeat(39)}'ab ${'Y'.repeat(60)}'s $5.00!! 100% #1 *`,
  "l’été d'été CAFÉ Straße 東京",
  `${'one two '.repeat(5_000)}three`,
])('hashes the words of %j', (text) => {
  expect(hashWords(text)).toEqual(expected(text));
});

test('hashes the words of any text as they are hashed one by one', () => {
  const letters = fc.constantFrom(...`abZ09'’ ?!$%€.é\u0301東\n`);
  const texts = fc.array(letters, { maxLength: 120 }).map((drawn) => drawn.join(''));
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 200 });
  fc.assert(
    fc.property(fc.oneof(texts, ascii, fc.string({ unit: 'binary' })), (text) => {
      expect(hashWords(text)).toEqual(expected(text));
    }),
    { numRuns: 1_000 },
  );
});
