import { expect, test } from 'vitest';
import { formatInterval, formatValue } from './figures.ts';

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

test('figures are written as the language writes them', () => {
  expect(formatInterval({ value: 0.914, low: 0.88, high: 0.94 }, 'en')).toBe('91.4% (88% – 94%)');
  expect(plain(formatInterval({ value: 0.914, low: 0.88, high: 0.94 }, 'de'))).toBe('91,4 % (88 % – 94 %)');
});

test('the value of a criterion is written in its unit', () => {
  expect(formatValue(0.034, { scale: { unit: 'error', better: 'lower' }, language: 'en' })).toBe('0.034');
  expect(formatValue(4.2, { scale: { unit: 'rating', better: 'higher' }, language: 'en' })).toBe('4.2');
  expect(formatValue(2_340, { scale: { unit: 'milliseconds', better: 'lower' }, language: 'en' })).toBe('2.3 sec');
  expect(formatValue(0.9, { scale: undefined, language: 'en' })).toBe('90%');
});
