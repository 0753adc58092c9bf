import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { retrievalSettingsSchema } from '../classifiers/retrieval/settings.ts';
import { germanShopExamples, shopExamples } from '../testing/small-taxonomy.ts';
import { loadConfig } from './load-config.ts';
import { multilingualEmbedders, warnOfLanguages } from './warn-of-languages.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-languages-'));
  await writeFile(join(dir, 'switchboard.yaml'), 'taxonomy: taxonomy.yaml\nretrieval: { embedder: embedded }\n');
});
afterAll(() => rm(dir, { recursive: true }));

const key = { ANTHROPIC_API_KEY: 'key' };
const load = (options: Partial<Parameters<typeof loadConfig>[0]> = {}) =>
  loadConfig({ cwd: dir, env: key, ...options });
const german = germanShopExamples();

describe('a warning of languages that the embedder does not read', () => {
  test('names the share, the languages, the place and both ways out', async () => {
    const withoutLanguage = german.map(({ language: _, ...example }) => example);
    const [warning, ...others] = warnOfLanguages(await load(), [...shopExamples().slice(0, 8), ...withoutLanguage]);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ file: join(dir, 'switchboard.yaml'), line: 2 });
    expect(warning?.message).toMatch(/^50 % of the examples are in languages .* \(German\)/);
    for (const line of multilingualEmbedders) expect(warning?.cure).toContain(line);
    expect(warning?.cure).toMatch(/npm install @huggingface\/transformers@3.*VOYAGE_API_KEY/);
  });

  test('is given from a fifth of the examples on', async () => {
    const config = await load();
    const among = (english: number) =>
      warnOfLanguages(config, [...shopExamples().slice(0, english), ...german.slice(0, 5)]);
    expect(among(20)).toHaveLength(1);
    expect(among(21)).toEqual([]);
    expect(warnOfLanguages(config, [])).toEqual([]);
  });

  test('is not given where Claude is not asked, or where another embedder was chosen', async () => {
    expect(warnOfLanguages(await load({ env: {} }), german)).toEqual([]);
    expect(warnOfLanguages(await load({ overrides: { classifier: 'local' } }), german)).toEqual([]);
    for (const embedder of [{ type: 'voyage', model: 'voyage-4' }, 'none'] as const) {
      expect(warnOfLanguages(await load({ overrides: { retrieval: { embedder } } }), german)).toEqual([]);
    }
  });

  test('looks at part of very many examples', async () => {
    const many = Array.from({ length: 30_000 }, (_, at) => german[at % german.length]!);
    expect(warnOfLanguages(await load(), many)[0]?.message).toMatch(/^100 % /);
  });

  test('names lines that are valid as they are', () => {
    for (const line of multilingualEmbedders) {
      const { retrieval } = parse(line);
      expect(retrievalSettingsSchema.parse(retrieval).embedder).toMatchObject({ type: expect.any(String) });
    }
  });
});
