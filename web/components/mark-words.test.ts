import { expect, test } from 'vitest';
import { markWords } from './mark-words.ts';

const marked = (text: string, ...phrases: string[]) =>
  markWords(text, phrases)
    .map(({ text: stretch, isMarked }) => (isMarked ? `[${stretch}]` : stretch))
    .join('');

test('marks every occurrence in any case, and only whole words', () => {
  expect(marked('Art for the party, ART', 'art')).toBe('[Art] for the party, [ART]');
});

test('joins phrases that overlap', () => {
  expect(marked('charged twice for it', 'charged twice', 'twice for')).toBe('[charged twice for] it');
});

test('marks within scripts that have no spaces', () => {
  expect(marked('二段階認証について', '認証')).toBe('二段階[認証]について');
});

test('gives the text back whole, whatever the phrases are', () => {
  for (const text of ['', 'İstanbul', '😀 ok', 'a\nb']) expect(marked(text, '', ' ', 'zzz')).toBe(text);
  expect(marked('İstanbul order', 'order')).toBe('İstanbul [order]');
});
