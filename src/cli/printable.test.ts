import { describe, expect, test } from 'vitest';
import { printableJson, printableLine, printableOutput, printableText } from './printable.ts';

const hostile: readonly (readonly [string, string])[] = [
  ['a sequence that sets the window title', '\u001b]0;owned\u0007'],
  ['a sequence that moves the cursor up and erases', '\u001b[1A\u001b[2K'],
  ['CSI as one character', '\u009b31m'],
  ['OSC as one character', '\u009d0;owned\u009c'],
  ['a sequence that hides text', '\u001b[8m'],
  ['a carriage return', '\rfake'],
  ['a backspace', '\b\b\b'],
  ['a mark that reverses the direction', '\u202Egnp.exe'],
  ['an isolate', '\u2066x'],
  ['half a character', '\ud800'],
  ['a line separator', '\u2028x'],
  ['a delete', '\u007f'],
];
const dangerous = /(?![\n\t])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

describe.each(hostile)('%s', (_name, sequence) => {
  const text = `before${sequence}after`;
  test.each([
    ['a line', printableLine],
    ['a text', printableText],
    ['output', (given: string) => printableOutput(given, { colors: true })],
    ['JSON', (given: string) => printableJson({ given }, 2)],
  ])('is made harmless in %s', (_kind, print) => {
    const printed = print(text);
    expect(printed).not.toMatch(dangerous);
    expect(printed).toContain('before');
    expect(printed).toContain('after');
  });

  test('is unchanged when JSON is parsed', () => {
    expect(JSON.parse(printableJson({ text }))).toEqual({ text });
  });
});

test('ordinary text of any script stays as it is', () => {
  const text = 'Grüße, 配送状況 👩‍👩‍👧‍👦, می‌خواهم, متى يصل؟\n\tsecond line';
  expect(printableText(text)).toBe(text);
  expect(printableOutput(text, { colors: false })).toBe(text);
  expect(printableJson({ text })).toBe(JSON.stringify({ text }));
});

test('a line has no line breaks', () => {
  expect(printableLine('a\r\nb\tc\u2029d ')).toBe('a b c d');
});

test('our own colours are the only control sequences that stay, and only when colours are on', () => {
  const text = '\u001b[1mbold\u001b[22m \u001b[5mblinking\u001b[0m';
  expect(printableOutput(text, { colors: true })).toBe('\u001b[1mbold\u001b[22m  [5mblinking [0m');
  expect(printableOutput(text, { colors: false })).toBe('bold  [5mblinking [0m');
});
