import { expect, test } from 'vitest';
import { NgramTable } from './ngram-table.ts';

const read = (text: string) => NgramTable.read(`{${text}`, 1);

test('finds the points of each n-gram, and nothing for a text that only begins like one', () => {
  const table = read(String.raw`th:{9:120,37:80},the:{9:3},' n\'t':{9:77},'\\':{},é:{12:1}}};`);
  if (typeof table === 'number') throw new TypeError(`stopped at ${table}`);
  expect(table.size).toBe(5);
  const found = ['th', 'the', " n't", '\\', 'é'].map((ngram) => table.get(ngram));
  expect(found).toEqual(['9:120,37:80', '9:3', '9:77', '', '12:1']);
  expect(['t', 'thes', " n't'", '', 'constructor'].map((ngram) => table.get(ngram))).toEqual(Array(5).fill(undefined));
});

test.each([
  ['a cut file', 'a:{1:2},b:{1:', 9],
  ['a missing end', 'a:{1:2}', 1],
  ['points that are no numbers', 'a:{1:x}}};', 1],
  ['an empty key', 'a:{1:2},:{1:2}}};', 9],
  ['a key without points', "a:{1:2},'b',c:{1:2}}};", 9],
])('says where %s stops it', (_, text, place) => {
  expect(read(text)).toBe(place);
});
