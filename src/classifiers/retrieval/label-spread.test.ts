import { describe, expect, test } from 'vitest';
import { amountToShow, isNoisy, isNoisyDesk, NEIGHBOURS, perIntentAmong, spreadOfLabels } from './label-spread.ts';

/** `aab` becomes three neighbours, of the intents a, a and b. */
const neighbours = (labels: string) => [...labels].map((intent) => ({ intent }));

describe('how many examples are shown', () => {
  test.each([
    ['', 5, 2],
    ['a', 5, 2],
    ['aaaaa', 5, 2],
    ['aaaaabcdefghi', 5, 2],
    ['aabaa', 7, 3],
    ['ab', 7, 3],
    ['aabba', 10, 4],
    ['abcde', 10, 4],
  ])('of neighbours %j: %i, of one intent %i', (labels, k, perIntent) => {
    expect(amountToShow(neighbours(labels))).toEqual({ k, perIntent });
  });

  test('as many of one intent go with fewer examples as are shown where labels agree more', () => {
    expect([5, 6, 7, 8, 10].map(perIntentAmong)).toEqual([2, 3, 3, 4, 4]);
  });
});

describe('a neighbourhood', () => {
  test('is not noisy where the labels are the same, or lie apart', () => {
    expect(isNoisy(neighbours('a'.repeat(NEIGHBOURS)))).toBe(false);
    expect(isNoisy(neighbours('a'.repeat(15) + 'b'.repeat(15)))).toBe(false);
  });

  test('is noisy where the labels are mixed', () => {
    expect(isNoisy(neighbours('ab'.repeat(15)))).toBe(true);
    expect(isNoisy(neighbours('abacabcaba'.repeat(3)))).toBe(true);
  });

  test('is not noisy because each intent has few examples', () => {
    expect(isNoisy(neighbours('aaabbbcccdddeeefff'))).toBe(false);
    expect(isNoisy(neighbours('abcdefghijklmnopqrst'))).toBe(false);
  });

  test('is noisy in a noisy desk where no label is frequent, as the labels are drawn at random', () => {
    const drawn = neighbours('aabcdaefghiajklmnaopqrsatuvwxa');
    expect(isNoisy(drawn)).toBe(false);
    expect(isNoisy(drawn, { inNoisyDesk: true })).toBe(true);
    expect(isNoisy(neighbours('aaaaabaaca'.repeat(3)), { inNoisyDesk: true })).toBe(false);
  });

  test('lies in a noisy desk where held-out tickets are often wrong, though there are examples enough', () => {
    const desk = (right: number, of: number, intentCount = 10) => isNoisyDesk({ heldOut: { right, of }, intentCount });
    expect([desk(69, 100), desk(70, 100), desk(20, 49), desk(25, 50)]).toEqual([true, false, false, true]);
    expect(isNoisyDesk({ heldOut: null, intentCount: 10 })).toBe(false);
  });

  test('is not judged by a handful of examples', () => {
    expect(isNoisy(neighbours('ababababa'))).toBe(false);
  });

  test('is described by how often each label occurs, most frequent first', () => {
    expect(spreadOfLabels(neighbours('abbcbca'))).toEqual({
      count: 7,
      intents: [
        { intent: 'b', count: 3 },
        { intent: 'a', count: 2 },
        { intent: 'c', count: 2 },
      ],
    });
  });
});
