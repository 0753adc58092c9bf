import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSearch, wordsOf } from './search-words.ts';

const find = (text: string) => parseSearch(text)?.all ?? null;

test('words are stored without case, accents, points and punctuation', () => {
  expect(wordsOf(['Café ÉTÉ? No!', 'Straße Łódź Øre 👍'])).toEqual(['cafe', 'ete', 'no', 'strasse', 'lodz', 'ore']);
  expect(wordsOf(['كِتَابٌ', 'אָלֶף'])).toEqual(['كتاب', 'אלף']);
});

test('an address, an order number and a word with an apostrophe are found by their parts', () => {
  expect(wordsOf(['NN-48213', 'ana.lopez@mail.example', "l'ordine"])).toEqual([
    ...['nn', '48213', 'ana', 'lopez', 'mail', 'example', 'l', 'ordine'],
  ]);
});

test('scripts without spaces are stored by character and by pair', () => {
  expect(wordsOf(['注文 番号'])).toEqual(['注', '文', '注文', '番', '号', '番号']);
});

test('of a search, all words must occur, the last one as a beginning', () => {
  expect(find('Where is NN-482')).toBe(`'where' & 'is' & 'nn' & '482':*`);
  expect(find('Rückgabe ')).toBe(`'ruckgabe':*`);
  expect(find('注文番')).toBe(`'注文' & '文番':*`);
  expect(find('注')).toBe(`'注':*`);
  expect(find('order 注文')).toBe(`'order' & '注文':*`);
});

test('a search without words restricts nothing', () => {
  expect(find('')).toBeNull();
  expect(find(' ?! -- \\ ')).toBeNull();
});

test('what would be an operator of the database is a word like any other', () => {
  expect(find("a & b | !c <-> (d) 'e' f:*")).toBe(`'a' & 'b' & 'c' & 'd' & 'e' & 'f':*`);
});

test('a very long search has an end', () => {
  const words = find(Array.from({ length: 500 }, (_, n) => `word${n}`).join(' '))?.split(' & ');
  expect(words).toHaveLength(20);
  expect(words?.at(-1)).toBe(`'word499':*`);
});

test('whatever a ticket says, any part of it between spaces finds it', () => {
  const letters = [...'aZé̈ßıİø\'’.-@_/0159 \n注文ひカ한국ยินดีကခשָלאِّلٱأяЁ€👍🏽ﬁ²½Ⅷ\\":&|!<>()*'];
  const text = fc.string({ unit: fc.constantFrom(...letters), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.string({ unit: 'binary', maxLength: 20 }), (known, any) => {
      const whole = `${known} ${any}`;
      const words = wordsOf([whole]);
      for (const part of whole.split(/\s+/)) {
        for (const term of parseSearch(part)?.terms ?? []) {
          const isPrefix = term.endsWith(':*');
          const word = (isPrefix ? term.slice(1, -3) : term.slice(1, -1))
            .replaceAll("''", "'")
            .replaceAll('\\\\', '\\');
          expect(words.some((stored) => stored === word || (isPrefix && stored.startsWith(word)))).toBe(true);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('a character that stands for a phrase makes no longer word than others, and is found', () => {
  const phrases = '\ufdfa'.repeat(36);
  const [stored = ''] = wordsOf([phrases]);
  expect(stored).toHaveLength(40);
  expect(find(phrases)).toBe(`'${stored}':*`);
});
