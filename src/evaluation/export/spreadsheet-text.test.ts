import { expect, test } from 'vitest';
import { defuseFormula, restoreFormula } from './spreadsheet-text.ts';

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM(A1)',
  '﹦1',
  '\t=1',
  '\r=1',
  '\n=1',
  ' =1',
  '\u200b=1',
  '\ufeff=1',
  "'=1",
])('%j is no formula in a spreadsheet, and comes back as it was', (value) => {
  expect(defuseFormula(value)).toBe(`'${value}`);
  expect(restoreFormula(defuseFormula(value))).toBe(value);
});

test.each(['', 'a=b', '1-2', 'café', "'quoted'", '我的包裹', '注文＝1'])('%j stays as it is', (value) => {
  expect(defuseFormula(value)).toBe(value);
  expect(restoreFormula(value)).toBe(value);
});
