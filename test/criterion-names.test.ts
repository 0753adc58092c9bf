// The page calls the criteria what the report and the terminal call them.
import { expect, test } from 'vitest';
import { criteria } from '../src/evaluation/criteria/all-criteria.ts';
import en from '../web/texts/en/evaluation.json' with { type: 'json' };

test('the page has the names of the criteria, and says what their values are', () => {
  const all = Object.values(criteria);
  expect(en.criterion).toEqual(Object.fromEntries(all.map(({ id, title }) => [id, title])));
  expect(en.criterionMeasures).toEqual(Object.fromEntries(all.map(({ id, measures }) => [id, measures])));
});
