import i18next from 'i18next';
import { expect, test } from 'vitest';
import en from '../../texts/en.ts';
import { formatEnds, formatInterval, formatValue } from './figures.ts';

const texts = i18next.createInstance();
await texts.init({ lng: 'en', resources: { en: { translation: en } } });
const { t } = texts;

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

test('figures are written as the language writes them', () => {
  expect(formatInterval({ value: 0.914, low: 0.88, high: 0.94 }, 'en')).toBe('91.4% (88% – 94%)');
  expect(plain(formatInterval({ value: 0.914, low: 0.88, high: 0.94 }, 'de'))).toBe('91,4 % (88 % – 94 %)');
});

test('the value of a criterion is written in its unit', () => {
  const show = (value: number, unit: 'error' | 'rating' | 'milliseconds' | 'points') =>
    formatValue(value, { scale: { unit, better: 'lower' }, language: 'en', t });
  expect(show(0.034, 'error')).toBe('0.034');
  expect(show(4.2, 'rating')).toBe('4.2');
  expect(show(2_340, 'milliseconds')).toBe('2.3 sec');
  expect(show(0.625, 'points')).toBe('62.5 points');
  expect(show(0.0099, 'points')).toBe('1 point');
  expect(formatValue(0.9, { scale: undefined, language: 'en', t })).toBe('90%');
});

test('an interval of points has its unit once', () => {
  const ends = { low: 0.313, high: 0.918 };
  expect(formatEnds(ends, { scale: { unit: 'points', better: 'lower' }, language: 'en', t })).toBe(
    '31.3 – 91.8 points',
  );
  expect(formatEnds(ends, { scale: { unit: 'share', better: 'higher' }, language: 'en', t })).toBe('31.3% – 91.8%');
});
