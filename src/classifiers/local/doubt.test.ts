import { expect, test } from 'vitest';
import { doubtAbout } from './doubt.ts';
import { ExampleSet, prepareExample } from './example-set.ts';
import { extractFeatures, tokenise } from './text-features.ts';
import { fitVectoriser } from './vectoriser.ts';

const texts = ['Where is my parcel?', 'I want my money back', 'The parcel came twice and it is broken'];

function doubtOf(text: string, options: { language: string | null; isRead: boolean; exampleLanguage?: string | null }) {
  const { exampleLanguage: language = 'en', ...rest } = options;
  const examples = new ExampleSet();
  for (const [i, body] of texts.entries()) {
    examples.put({ ...prepareExample({ id: `${i}`, intent: 'a', body }), language });
  }
  const vectoriser = fitVectoriser(texts.map((body) => extractFeatures(tokenise(body))));
  return doubtAbout({ vectoriser, intentCount: 4, examples, tokens: tokenise(text), isPart: false, ...rest });
}

test('doubts a ticket in a language without examples although its words are known, where the encoder does not read it', () => {
  const known = 'the parcel is broken';
  expect(doubtOf(known, { language: 'pt', isRead: false }).reason?.text).toBe('No example is in Portuguese.');
  expect(doubtOf(known, { language: 'en', isRead: true, exampleLanguage: 'de' }).reason).toBeNull();
  expect(
    doubtOf('the lid of my teapot squeaks', { language: 'en', isRead: true, exampleLanguage: 'de' }).reason?.text,
  ).toBe('No example is in English.');
  expect(doubtOf(known, { language: 'en', isRead: false }).reason).toBeNull();
  expect(doubtOf(known, { language: null, isRead: false }).reason).toBeNull();
});

test('does not say that no example is in a language where the language of the examples is not known', () => {
  const strange = 'the lid of my teapot squeaks at night';
  expect(doubtOf(strange, { language: 'en', isRead: true, exampleLanguage: null }).reason).toBeNull();
  expect(doubtOf(strange, { language: 'pt', isRead: false, exampleLanguage: null }).reason?.text).toBe(
    'No example is known to be in Portuguese.',
  );
});

test('a ticket of signs has no word, although an example has the sign', () => {
  expect(doubtOf('?', { language: null, isRead: true })).toMatchObject({
    factor: 0.25,
    reason: { text: 'This ticket has no word.' },
    knowsNoWord: true,
  });
});
