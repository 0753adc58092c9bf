import { expect, test } from 'vitest';
import { parseTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { describeUnknownIntents, splitCounts } from './stored-examples.ts';

const taxonomy = parseTaxonomy({
  file: 't.yaml',
  text: 'name: T\nintents: [{ id: money, name: M, aliases: [billing], children: [{ id: money/refund, name: R }] }]',
});

test('examples under former ids count as learned, those under parents and unknown intents do not', () => {
  const counts = new Map([
    ['money/refund', 5],
    ['billing/refund', 3],
    ['money', 1],
    ['gone', 2],
  ]);
  expect(splitCounts(counts, taxonomy)).toEqual({ learned: 8, unknownIntents: { money: 1, gone: 2 } });
});

test('the sentence about unused examples has counts, the largest first, and says what to do', () => {
  expect(describeUnknownIntents({})).toBeNull();
  expect(describeUnknownIntents({ gone: 1 })).toBe(
    '1 stored example is not used, because the taxonomy has no such leaf: gone (1). If an intent was renamed, list its former id under `aliases` of the node.',
  );
  expect(describeUnknownIntents({ a: 1, b: 3, c: 1, d: 1, e: 1, f: 1, g: 1 })).toContain(
    '9 stored examples are not used, because the taxonomy has no such leaf: b (3), a (1), c (1), d (1), e (1) and 2 others.',
  );
});
