import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runSteps } from '../../base/steps.ts';
import { findInSlices, MAX_SLICE_LENGTH } from './find-in-slices.ts';
import type { Finding, Slice } from './finding.ts';
import { foldText } from './folded-text.ts';

/** Finds `<a…>` of any length. */
function findMarks({ view }: Slice): Finding[] {
  return [...view.matchAll(/<a+>?/g)].map((match) => ({
    kind: 'NAME',
    start: match.index,
    end: match.index + match[0].length,
    key: match[0],
  }));
}

const find = (text: string, finder = findMarks) => runSteps(findInSlices({ text: foldText(text), find: finder }));

test('an identifier is found once and as a whole, wherever the border of a slice is', () => {
  const mark = '<aaaaaaaaaa>';
  for (let offset = 3_980; offset < 4_040; offset++) {
    const found = find(`${' '.repeat(offset)}${mark}${' '.repeat(20_000)}`);
    expect(found).toEqual([{ kind: 'NAME', start: offset, end: offset + mark.length, key: mark }]);
  }
});

test('an identifier that is longer than a slice is found as a whole', () => {
  const mark = `<${'a'.repeat(9_000)}>`;
  const [found] = find(`${' '.repeat(3_900)}${mark}${' '.repeat(20_000)}`);
  expect(found).toMatchObject({ start: 3_900, end: 3_900 + mark.length });
});

test('searching in slices finds the same as searching all at once, in order and without overlaps', () => {
  const piece = fc.oneof(
    fc.integer({ min: 1, max: 3_000 }).map((length) => ' '.repeat(length)),
    fc.integer({ min: 1, max: 900 }).map((length) => `<${'a'.repeat(length)}>`),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join('');
      expect(find(text)).toEqual(findMarks({ view: text, cased: text }));
    }),
    { numRuns: 100 },
  );
});

test('no slice is longer than the limit, for any text', () => {
  const lengths: number[] = [];
  const finder = (slice: Slice) => {
    lengths.push(slice.view.length);
    return findMarks(slice);
  };
  for (const text of [`<${'a'.repeat(200_000)}`, ' '.repeat(200_000), '<a>'.repeat(60_000)]) find(text, finder);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(MAX_SLICE_LENGTH);
});

test('text that was found is hidden from the finders of the next slice', () => {
  const text = `${' '.repeat(3_990)}<${'a'.repeat(30)}>${' '.repeat(10_000)}`;
  const views: string[] = [];
  find(text, (slice) => {
    views.push(slice.view);
    return findMarks(slice);
  });
  expect(views.filter((view) => view.includes('<a'))).toHaveLength(1);
});
