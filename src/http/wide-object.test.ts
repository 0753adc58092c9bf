import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasWideObject, MAX_FIELDS } from './wide-object.ts';

const withFields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));

test('an object with the most fields that are allowed passes, and one with more does not, at any depth', () => {
  for (const place of [(value: object) => value, (value: object) => ({ a: [{ b: value }], c: 1 })]) {
    expect(hasWideObject(JSON.stringify(place(withFields(MAX_FIELDS))))).toBe(false);
    expect(hasWideObject(JSON.stringify(place(withFields(MAX_FIELDS + 1))))).toBe(true);
  }
});

test('colons and brackets in text, long lists and many small objects are not counted', () => {
  expect(hasWideObject(JSON.stringify({ body: '"a": {[\\"b": '.repeat(2_000) }))).toBe(false);
  expect(hasWideObject(JSON.stringify({ tags: Array(5_000).fill(':') }))).toBe(false);
  expect(hasWideObject(JSON.stringify(Array.from({ length: 5_000 }, () => ({ id: 'x', body: 'y' }))))).toBe(false);
});

test('returns for text that is not JSON, too', () => {
  const unit = fc.constantFrom('"', '\\', '{', '}', '[', ']', ':', ',', 'a', '1');
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      expect(hasWideObject(text)).toBe(false);
    }),
  );
});
