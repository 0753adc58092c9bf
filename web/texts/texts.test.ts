import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import de from './de.ts';
import en from './en.ts';

type Tree = { readonly [key: string]: string | Tree };
const flatten = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );
const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted();

test('both languages have the same texts, with the same values in them', () => {
  const english = new Map(flatten(en));
  const german = new Map(flatten(de));
  expect([...german.keys()].toSorted()).toEqual([...english.keys()].toSorted());
  for (const [key, text] of english)
    expect([key, placeholders(german.get(key) ?? '')]).toEqual([key, placeholders(text)]);
});

test('no text is left that no page shows', () => {
  const web = join(import.meta.dirname, '..');
  const sources = readdirSync(web, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/^(?:dist|texts)/.test(file))
    .map((file) => readFileSync(join(web, file), 'utf8'))
    .join('\n');
  const unused = flatten(en)
    .map(([key]) => key.replace(/_(?:zero|one|two|few|many|other)$/, ''))
    // A group may be named by a variable: t(`stage.${stage}`).
    .filter((key) => !sources.includes(`'${key}'`) && !sources.includes(`\`${key.replace(/\.[^.]+$/, '')}.\${`));
  expect(unused).toEqual([]);
});
