import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SwitchboardError } from '../errors.ts';
import { type LanguageModel, loadLanguageModel, parseModel } from './language-model.ts';

const pointsSchema = z.record(z.string(), z.number());
const modelFile = new URL('../ngrams/small.js', import.meta.resolve('eld/small'));
const asJavaScript = z.object({
  ngramsData: z.object({
    type: z.string(),
    languages: z.record(z.string(), z.string()),
    ngrams: z.record(z.string(), pointsSchema),
  }),
});

test('reads every n-gram of the package', async () => {
  const { ngramsData } = asJavaScript.parse(await import(modelFile.href));
  const { type, languages, ngrams } = parseModel(readFileSync(modelFile, 'utf8'));
  expect({ type, languages }).toEqual({ type: ngramsData.type, languages: ngramsData.languages });
  const asWritten = Object.entries(ngramsData.ngrams).map(([ngram, points]) => {
    const pairs = Object.entries(points).map(([language, value]) => `${language}:${value}`);
    return [ngram, pairs.join(',')] as const;
  });
  expect(ngrams.size).toBe(asWritten.length);
  expect(asWritten.filter(([ngram, points]) => ngrams.get(ngram) !== points)).toEqual([]);
});

describe('the model read from its text', () => {
  let model: LanguageModel;
  beforeAll(() => {
    model = loadLanguageModel();
  });

  test('gives the same scores as the package itself', async () => {
    const { eld } = await import('eld/small');
    const file = new URL('./fixtures/short-tickets.json', import.meta.url);
    const texts = Object.values(
      z.record(z.string(), z.array(z.string())).parse(JSON.parse(readFileSync(file, 'utf8'))),
    );
    for (const text of [...texts.flat(), '', 'constructor __proto__ toString', '🦉']) {
      const [ours, theirs] = [model.detect(text), eld.detect(text)];
      expect([text, ours.language, ours.isReliable(), ours.getScores()]).toEqual([
        text,
        theirs.language,
        theirs.isReliable(),
        theirs.getScores(),
      ]);
    }
  });
});

test.each([
  ['another first line', 'export default {}'],
  ['a cut file', readFileSync(modelFile, 'utf8').slice(0, 100_000)],
])('refuses %s', (_, text) => {
  expect(() => parseModel(text)).toThrow(SwitchboardError);
});
