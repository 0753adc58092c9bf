import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_TOKENS } from './weights.ts';
import { splitIntoWindows } from './windows.ts';

const count = (length: number) => Array.from({ length }, (_, index) => index);
const everyThird = { beginsWord: (id: number) => id % 3 === 0 };

describe('splitIntoWindows', () => {
  test('a text that fits into one window is not cut', () => {
    expect(splitIntoWindows(count(128), { maxWindows: 4, ...everyThird })).toEqual([count(128)]);
  });

  test('no tokens give no windows', () => {
    expect(splitIntoWindows([], { maxWindows: 4, ...everyThird })).toEqual([]);
  });

  test('windows have about the same length and begin with a word', () => {
    const windows = splitIntoWindows(count(300), { maxWindows: 4, ...everyThird });
    expect(windows.map(({ length }) => length)).toEqual([99, 99, 102]);
    expect(windows.map(([first]) => first)).toEqual([0, 99, 198]);
  });

  test('a text without words is cut into equal windows', () => {
    const windows = splitIntoWindows(count(300), { maxWindows: 4, beginsWord: () => false });
    expect(windows.map(({ length }) => length)).toEqual([100, 100, 100]);
  });

  test('a text that does not fit into the windows loses its middle, not its end', () => {
    const windows = splitIntoWindows(count(1000), { maxWindows: 3, ...everyThird });
    expect(windows).toHaveLength(3);
    expect(windows.flat().slice(0, 256)).toEqual(count(256));
    expect(windows.at(-1)).toEqual(count(1000).slice(-128));
  });

  test('a single window is the beginning of the text', () => {
    expect(splitIntoWindows(count(1000), { maxWindows: 1, ...everyThird })).toEqual([count(128)]);
  });

  test('every token is in exactly one window, and no window is too long', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 640 }), fc.integer({ min: 1, max: 200 }), (length, wordLength) => {
        const windows = splitIntoWindows(count(length), { maxWindows: 5, beginsWord: (id) => id % wordLength === 0 });
        expect(windows.flat()).toEqual(count(length));
        expect(windows.every((window) => window.length > 0 && window.length <= MAX_TOKENS)).toBe(true);
      }),
    );
  });

  test.each([0, -1, 1.5, Number.NaN])('%d windows are refused', (maxWindows) => {
    expect(() => splitIntoWindows([1], { maxWindows, ...everyThird })).toThrow(RangeError);
  });
});
