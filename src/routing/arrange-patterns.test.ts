import { expect, test } from 'vitest';
import { arrangePatterns } from './arrange-patterns.ts';

const matches = (patterns: readonly string[], text: string, person?: string) =>
  new RegExp(`^(?:${arrangePatterns({ patterns, person })})$`).test(text);

test.each([
  ['<person> sleeps', 'he sleeps', true],
  ['<person> sleeps', 'it sleeps', false],
  ['<person> sleeps|snow falls', 'snow falls', true],
  ['wake <person>', 'wake she', true],
  ['a(?:b|c)|d', 'ac', true],
  ['a(?:b|c)|d', 'd', true],
  ['[(|]x|\\(y', '|x', true],
  ['[(|]x|\\(y', '(y', true],
])('%s and %s: %s', (pattern, text, isMatch) => {
  expect(matches([pattern, 'other'], text, '(?:he|she)')).toBe(isMatch);
});

test('looks at what must not stand before as the pattern says', () => {
  const pattern = new RegExp(arrangePatterns({ patterns: ['(?<!no )fires?|(?<!(?:a|b) )gas'] }));
  expect(pattern.exec('two fires')?.[0]).toBe('fires');
  expect(pattern.test('no fire')).toBe(false);
  expect(pattern.test('a gas')).toBe(false);
  expect(pattern.test('the gas')).toBe(true);
});
