import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigurationError, formatProblem } from '../errors.ts';
import { describeConfig } from './describe-config.ts';
import { loadConfig } from './load-config.ts';
import { loadWorkspace } from './load-workspace.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-phrases-'));
  await writeFile(join(dir, 'taxonomy.yaml'), 'name: Shop\nintents: [{ id: orders, name: Orders }]\n');
});
afterAll(() => rm(dir, { recursive: true }));

/** Writes `switchboard.yaml` and other files, and returns what the workspace has of phrases. */
async function load(files: Record<string, string>, env: Record<string, string> = {}) {
  await writeFile(join(dir, 'switchboard.yaml'), '');
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  const config = await loadConfig({ cwd: dir, env });
  const workspace = await loadWorkspace(config);
  return { phrases: workspace.urgencyPhrases, described: describeConfig({ config, workspace }).urgencyPhrases };
}

async function problemsOf(files: Record<string, string>): Promise<string[]> {
  try {
    await load(files);
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.problems.map((problem) => formatProblem(problem).replaceAll(`${dir}/`, ''));
    throw error;
  }
  return [];
}

const outage = { outage: { en: ['the belt stands still'], 'pt-BR': ['a esteira parou'] } };
const outageText = 'outage:\n  en: [the belt stands still]\n  pt-BR:\n    - a esteira parou\n';

describe('phrases of urgency', () => {
  test('are none by default', async () => {
    expect(await load({})).toEqual({ phrases: {}, described: { file: null, count: 0 } });
  });

  test('are written in the configuration, or in a file that it names', async () => {
    const inline = `urgency:\n  phrases:\n${outageText.replace(/^/gm, '    ')}`;
    expect(await load({ 'switchboard.yaml': inline })).toEqual({
      phrases: outage,
      described: { file: null, count: 2 },
    });
    const named = { 'switchboard.yaml': 'urgency: { phrases: ./phrases.yaml }', 'phrases.yaml': outageText };
    expect(await load(named)).toEqual({
      phrases: outage,
      described: { file: join(dir, 'phrases.yaml'), count: 2 },
    });
    expect((await load({ 'phrases.yaml': '' })).phrases).toEqual({});
  });

  test('come from the file of a variable, which is relative to the working folder', async () => {
    const files = { 'other.yaml': outageText };
    expect((await load(files, { SWITCHBOARD_URGENCY__PHRASES: 'other.yaml' })).phrases).toEqual(outage);
  });
});

const wrong = `outage:
  en: [the belt stands still, "", "...", "x", 404]
  xx: [stopped]
  German: [steht still]
outages: { en: [down] }
urgent:
  en: [ "The Belt  stands still", "gate (?:one|two)", "${'very '.repeat(21)}urgent" ]
  de: dringlich
  zh: [急]
`;
/** Line in the file of phrases, path, and the rest of the message. */
const problems = [
  [2, 'outage.en[1]', ': this phrase has no letter and no digit. Write words as customers write them, or remove it.'],
  [2, 'outage.en[2]', ': this phrase has no letter and no digit. Write words as customers write them, or remove it.'],
  [2, 'outage.en[3]', ': "x" is a single letter, which says nothing. Write a word or more.'],
  [2, 'outage.en[4]', ' must be a text, not 404. Put it in quotes, for example "billing".'],
  [3, 'outage.xx', ': "xx" is not the code of a language. Write a code such as en, de or pt-BR.'],
  [4, 'outage.German', ': "German" is not the code of a language. Write de.'],
  [5, 'outages', ' is not a known field. Did you mean "outage"?'],
  [
    7,
    'urgent.en[0]',
    ': "The Belt  stands still" is also in PATHoutage.en[0], and one phrase cannot mean both. Keep one of the two, or write more words of each.',
  ],
  [
    7,
    'urgent.en[1]',
    ': "gate (?:one|two)" looks like a pattern, and phrases are searched as they stand. Write each phrase out.',
  ],
  [7, 'urgent.en[2]', ': this phrase is longer than 100 characters. Write only the words that show the urgency.'],
  [8, 'urgent.de', ' must be a list, not a text. Write it as a list, for example [a, b].'],
] as const;

describe('every mistake in phrases of urgency is named with its line and what to do', () => {
  test('in the configuration', async () => {
    const found = await problemsOf({
      'switchboard.yaml': `urgency:\n  phrases:\n${wrong.replace(/^(?=.)/gm, '    ')}`,
    });
    const expected = problems.map(
      ([line, path, rest]) =>
        `switchboard.yaml:${line + 2}: urgency.phrases.${path}${rest.replace('PATH', 'urgency.phrases.')}`,
    );
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  test('in a file of their own, together with those of the configuration', async () => {
    const found = await problemsOf({
      'switchboard.yaml': 'urgency: { phrases: phrases.yaml }\ntriageTeam: 5\n',
      'phrases.yaml': wrong,
    });
    const expected = problems.map(([line, path, rest]) => `phrases.yaml:${line}: ${path}${rest.replace('PATH', '')}`);
    expect(found.toSorted()).toEqual([...expected, expect.stringMatching(/^switchboard.yaml:2: triageTeam/)]);
    const alone = await problemsOf({ 'switchboard.yaml': 'urgency: { phrases: phrases.yaml }\n' });
    expect(alone.toSorted()).toEqual(expected.toSorted());
  });

  test('when there is no file, no map, no YAML, or too much of it', async () => {
    expect(await problemsOf({ 'switchboard.yaml': 'urgency: { phrases: none.yaml }' })).toEqual([
      'none.yaml: the file of urgency phrases does not exist. Check `urgency: { phrases: … }` in the configuration.',
    ]);
    expect(await problemsOf({ 'switchboard.yaml': 'urgency: { phrases: 5 }' })).toEqual([
      'switchboard.yaml:1: urgency.phrases: must be a text or a map of fields. Change the value.',
    ]);
    expect(await problemsOf({ 'switchboard.yaml': 'urgency: [a]' })).toEqual([
      'switchboard.yaml:1: urgency must be a map of fields, not a list. Write its fields as a map of `name: value`.',
    ]);
    const named = 'urgency: { phrases: phrases.yaml }';
    expect(await problemsOf({ 'switchboard.yaml': named, 'phrases.yaml': '- down' })).toEqual([
      'phrases.yaml:1: the file must be a map of fields, not a list. Write its fields as a map of `name: value`.',
    ]);
    expect(await problemsOf({ 'phrases.yaml': 'outage: {', 'switchboard.yaml': named })).toEqual([
      expect.stringContaining('phrases.yaml:1: this is not valid YAML'),
    ]);
    const many = JSON.stringify({ outage: { en: Array.from({ length: 501 }, (_, index) => `gate ${index} is down`) } });
    expect(await problemsOf({ 'phrases.yaml': many, 'switchboard.yaml': named })).toEqual([
      expect.stringMatching(/^phrases\.yaml:1: outage\.en is .*Keep at most 500 phrases for a language/),
    ]);
  });
});
