import { expect, test } from 'vitest';
import { shopExamples, shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { createLocalClassifier } from './create-local-classifier.ts';
import { stopWords } from './stop-words.ts';

test('stop words are those of the language of the ticket, English where it is not known', () => {
  expect(stopWords('en').has('where')).toBe(true);
  expect(stopWords('de').has('nicht')).toBe(true);
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
  await classifier.close();
});
