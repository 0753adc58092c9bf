import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findShapeFault, MAX_FIELDS, MAX_NESTING, MAX_PARTS } from './shape-fault.ts';

const withFields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));

test('an object with the most fields that are allowed passes, and one with more does not, at any depth', () => {
  for (const place of [(value: object) => value, (value: object) => ({ a: [{ b: value }], c: 1 })]) {
    expect(findShapeFault(JSON.stringify(place(withFields(MAX_FIELDS))))).toBeNull();
    expect(findShapeFault(JSON.stringify(place(withFields(MAX_FIELDS + 1))))).toBe('wide');
  }
});

test('colons and brackets in text, long lists and many small objects are not counted', () => {
  expect(findShapeFault(JSON.stringify({ body: '"a": {[\\"b": '.repeat(2_000) }))).toBeNull();
  expect(findShapeFault(JSON.stringify({ tags: Array(5_000).fill(':') }))).toBeNull();
  expect(findShapeFault(JSON.stringify(Array.from({ length: 5_000 }, () => ({ id: 'x', body: 'y' }))))).toBeNull();
});

test('lists and objects that are nested too deep do not pass', () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
  expect(findShapeFault(nested(MAX_NESTING))).toBeNull();
  expect(findShapeFault(nested(MAX_NESTING + 2))).toBe('deep');
  expect(findShapeFault('[]'.repeat(MAX_NESTING + 1))).toBeNull();
});

test('more objects and lists than any request needs do not pass', () => {
  const objects = (count: number) =>
    `[${Array(count - 1)
      .fill('{}')
      .join(',')}]`;
  expect(findShapeFault(objects(MAX_PARTS))).toBeNull();
  expect(findShapeFault(objects(MAX_PARTS + 1))).toBe('many');
});

test('returns for text that is not JSON, too', () => {
  const unit = fc.constantFrom('"', '\\', '{', '}', '[', ']', ':', ',', 'a', '1');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: MAX_NESTING }), (text) => {
      expect(findShapeFault(text)).toBeNull();
    }),
  );
});
