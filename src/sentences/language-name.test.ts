import { expect, test } from 'vitest';
import { languageName } from './language-name.ts';

test.each([
  ['pt', 'en', 'Portuguese'],
  ['pt_BR', 'en', 'Brazilian Portuguese'],
  ['pt_BR', 'de', 'Portugiesisch (Brasilien)'],
  ['no language', 'de', 'no language'],
])('%s is in %s: %s', (tag, language, name) => {
  expect(languageName(tag, language)).toBe(name);
});
