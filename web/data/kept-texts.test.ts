import { expect, test } from 'vitest';
import { createKeptTexts } from './kept-texts.ts';

const forbidden = (): Storage => {
  throw new DOMException('denied', 'SecurityError');
};

/** With room for this many characters. */
function storageWith(room: number): Storage {
  const texts: Record<string, string> = {};
  const setItem = (key: string, text: string) => {
    if (text.length > room) throw new DOMException('full', 'QuotaExceededError');
    texts[key] = text;
  };
  const removeItem = (key: string) => delete texts[key];
  const methods = { setItem, removeItem, getItem: (key: string) => texts[key] ?? null };
  return new Proxy(texts, { get: (_, name) => Reflect.get(methods, name) }) as unknown as Storage;
}

test.each([
  ['there is storage', () => storageWith(100)],
  ['storage is forbidden', forbidden],
  ['storage is full', () => storageWith(3)],
])('texts are kept while the page is open where %s', (_, open) => {
  const storage = open === forbidden ? null : open();
  const kept = createKeptTexts(storage === null ? forbidden : () => storage);
  expect(kept.get('a')).toBeNull();
  kept.set('a', 'one');
  kept.set('a', 'one and more');
  kept.set('b', 'two');
  expect([kept.get('a'), kept.get('b'), kept.keys().sort()]).toEqual(['one and more', 'two', ['a', 'b']]);
  kept.remove('a');
  expect([kept.get('a'), kept.get('b')]).toEqual([null, 'two']);
});
