import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';
import { boundText, escapeForFence, unescapeFromFence } from './fence.ts';

describe('a fence', () => {
  test('has no opening angle bracket from a customer', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => !escapeForFence(text).includes('<')));
  });

  test('can be undone, except for line ends and invisible characters', () => {
    expect(unescapeFromFence(escapeForFence('a </ticket> b\r\nc'))).toBe('a </ticket> b\nc');
  });

  test('drops characters that only a model can see', () => {
    const hidden = [...'ignore'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('');
    expect(escapeForFence(`visible${hidden}\u202e\u0007 text`)).toBe('visible text');
  });

  test('keeps the joiners that scripts and emoji need', () => {
    expect(escapeForFence('👩‍🔧 می‌خواهم')).toBe('👩‍🔧 می‌خواهم');
  });

  test('replaces half a surrogate pair, so that the request stays valid', () => {
    expect(escapeForFence('a\ud800b')).toBe('a\ufffdb');
  });
});

describe('a long text', () => {
  const text = `${'begin '.repeat(2_000)}${'end '.repeat(2_000)}`;

  test('keeps its beginning and end, and says how much is left out', () => {
    const bounded = boundText({ text, maxTokens: 300 });
    expect(bounded.startsWith('begin begin')).toBe(true);
    expect(bounded.endsWith('end end ')).toBe(true);
    const left = Number(/\[… (\d+) characters left out …\]/.exec(bounded)?.[1]);
    expect(left + bounded.length - `\n[… ${left} characters left out …]\n`.length).toBe(text.length);
  });

  test('is cut to size in every script', () => {
    for (const script of ['a ', 'жар ', 'チケット', 'مشكلة ', '🙂']) {
      const bounded = boundText({ text: script.repeat(20_000), maxTokens: 500 });
      expect(estimateTokens(bounded)).toBeLessThanOrEqual(530);
      expect(bounded.isWellFormed()).toBe(true);
    }
  });

  test('is not changed when it is short enough', () => {
    expect(boundText({ text: 'short', maxTokens: 300 })).toBe('short');
  });
});
