import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { germanSentences } from './sentences.ts';

type Tree = { readonly [key: string]: string | Tree };
const keysOf = (tree: Tree, prefix = ''): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`),
  );

const src = join(import.meta.dirname, '..', '..', 'src');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(src, file), 'utf8'))
  .join('\n');

test('each sentence of the server has a German one, and no German one is left over', () => {
  const said = [...sources.matchAll(/\bsay\(\s*'([^']+)'/g)].map(([, code = '']) => code);
  const german = keysOf(germanSentences)
    .filter((key) => !key.startsWith('failure.')) // the kinds of a model's failure, in stage.no-answer
    .map((key) => key.replace(/_(?:one|other)$/, ''));
  const wanted = said.filter((code) => code !== 'verbatim');
  expect([...new Set(german)].sort()).toEqual([...new Set(wanted)].sort());
});
