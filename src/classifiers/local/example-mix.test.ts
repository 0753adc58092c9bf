import { expect, test } from 'vitest';
import { describeLopsidedMix } from './example-mix.ts';

const mixOf = (sizes: Readonly<Record<string, number>>) =>
  describeLopsidedMix({
    intents: Object.keys(sizes),
    examples: Object.entries(sizes).flatMap(([intent, size]) => Array.from({ length: size }, () => ({ intent }))),
  });

test('says in numbers which intents are thin beside a large one', () => {
  const mix = mixOf({ billing: 150, returns: 4, shipping: 4, account: 0 });
  expect(mix?.message).toContain('3 of 4 intents have fewer than 10 examples, and "billing" has 150');
  expect(mix?.message).toContain('Fewest examples: account (0), returns (4) and shipping (4)');
  expect(mix?.thin).toHaveLength(3);
});

test.each([
  ['few of each', { a: 4, b: 5, c: 3 }],
  ['many of each, some more', { a: 150, b: 40, c: 12 }],
  ['one thin intent among large ones', { a: 150, b: 120, c: 4 }],
  ['none at all', { a: 0, b: 0 }],
])('says nothing with %s', (_, sizes) => expect(mixOf(sizes)).toBeNull());
