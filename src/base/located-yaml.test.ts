import { expect, test } from 'vitest';
import { formatProblem } from '../errors.ts';
import { parseLocatedYaml } from './located-yaml.ts';

const read = (text: string) => parseLocatedYaml({ text, file: 'f.yaml' });
const problemsOf = (text: string) => read(text).problems.map(formatProblem);

test('an alias has the value of its anchor, however often it is used', () => {
  const text = `a: &x { y: 1 }\nb: [${Array(300).fill('*x').join(', ')}]\n`;
  expect(read(text)).toMatchObject({ problems: [], value: { a: { y: 1 }, b: Array(300).fill({ y: 1 }) } });
});

test('an anchor that contains itself is a problem with its line', () => {
  expect(problemsOf('name: x\nteams: &t [*t]\n')).toEqual([
    'f.yaml:2: the anchor &t contains an alias of itself. Write out what is meant, without the alias.',
  ]);
  expect(problemsOf('teams: &t\n  - id: a\n    members: { again: *t }\n')).toEqual([
    'f.yaml:3: the anchor &t contains an alias of itself. Write out what is meant, without the alias.',
  ]);
});

test('an alias without an anchor is a problem with its line', () => {
  expect(problemsOf('a: 1\nb: *nope\n')).toEqual([
    'f.yaml:2: the alias *nope has no anchor above it. Write &nope where it is first used.',
  ]);
});

test('aliases that multiply are refused before they are followed', () => {
  const letters = [...'abcdefghijklmnop'];
  const lines = letters.map((letter, index) => {
    const item = index === 0 ? '"lol"' : `*${letters[index - 1]}`;
    return `${letter}: &${letter} [${Array(9).fill(item).join(', ')}]`;
  });
  expect(problemsOf(lines.join('\n'))).toEqual([
    'f.yaml:6: the aliases up to here expand to more than 100000 values. Write the parts out.',
  ]);
});
