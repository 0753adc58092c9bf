import { describe, expect, test } from 'vitest';
import { shopExamples, shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { createLocalClassifier } from './create-local-classifier.ts';
import { decidingWords } from './deciding-words.ts';
import { stopWords } from './stop-words.ts';
import { extractFeatures, tokenise } from './text-features.ts';
import { fitVectoriser, vectorise } from './vectoriser.ts';

test('stop words are those of the language of the ticket, English where it is not known', () => {
  expect(stopWords('en').has('where')).toBe(true);
  expect(stopWords('de').has('nicht')).toBe(true);
  for (const word of ["can't", 'next', 'does', 'want', 'people']) expect(stopWords('en').has(word), word).toBe(true);
  expect(stopWords(null).has('and')).toBe(true);
  expect(stopWords('ja').size).toBe(0);
});

test('neither stop words nor bare numbers are named alone, and none where no word is known', async () => {
  const taxonomy = smallTaxonomy(shopIntents);
  const examples = [
    ...shopExamples(),
    ...Array.from({ length: 6 }, (_, i) => ({
      id: `n-${i}`,
      intent: 'returns',
      body: `Here is the 4711 about it ${i}`,
    })),
  ];
  const classifier = await createLocalClassifier({
    taxonomy,
    examples,
    cacheDir: null,
    confidence: { targetPrecision: 0.9 },
    embedder: 'none',
  });
  const ask = (body: string) => classifier.classify({ ticket: { id: 't', body }, taxonomy });
  expect((await ask('Here is the 4711 about it')).decidingWords).toEqual([]);
  const unknown = await ask('xyzzy qwrtz plugh');
  expect(unknown).toMatchObject({ decidingWords: [], abstainReason: 'No word of this ticket occurs in an example.' });
  const split = await classifier.classify({
    ticket: { id: 't', subject: 'Here is', body: 'refund\nmoney back izmir' },
    taxonomy,
  });
  for (const phrase of split.decidingWords) expect(phrase).not.toMatch(/[\r\n]|izmir/);
  await classifier.close();
});

describe('of words with the same weight', () => {
  const words = ['was', 'the', 'invoice', 'wrong', 'money'];
  const vectoriser = fitVectoriser(words.map((word) => extractFeatures(tokenise(word))));
  const model = {
    classCount: 2,
    weights: Float32Array.from({ length: 2 * vectoriser.featureCount }, (_, i) => 1 - (i % 2)),
  };
  const decided = (text: string) =>
    decidingWords({
      ...{ text, tokens: tokenise(text), vectoriser, best: 0, runnerUp: 1 },
      vector: vectorise(vectoriser, extractFeatures(tokenise(text))),
      model,
      stopWords: stopWords('en'),
    });

  test.each([
    ['a line break parts phrases, as between subject and body', 'invoice\nwrong', ['invoice', 'wrong']],
    ['a full stop does too', 'invoice. wrong', ['invoice', 'wrong']],
    ['words such as "the" are named between others only', 'the invoice was wrong the', ['invoice was wrong']],
    ['unknown words are not named, forms of known ones are', 'invoicx invoices qwertz', ['invoices']],
  ])('%s', (_, text, expected) => {
    expect(decided(text).toSorted()).toEqual(expected.toSorted());
  });
});
