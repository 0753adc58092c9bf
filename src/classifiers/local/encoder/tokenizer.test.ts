import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EmbeddingsModel } from '@energetic-ai/embeddings';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { MODEL_PACKAGE, openModelFiles } from './model-files.ts';
import { createTokenizer } from './tokenizer.ts';

const files = openModelFiles();
afterAll(() => files.close());
const tokenizer = createTokenizer(files.vocabulary);
const theirs = createPackageTokenizer();
const pieces = files.vocabulary.map(([piece]) => piece.replace('\u2581', ' '));

/** The tokenizer of the package, from the same vocabulary; it needs no model. */
function createPackageTokenizer() {
  const file = createRequire(import.meta.url).resolve(`${MODEL_PACKAGE}/dist/vocab.json`);
  const vocabulary = JSON.parse(readFileSync(file, 'utf8'));
  // A model without weights is enough to get the tokenizer, which the package does not export separately.
  const model = {} as ConstructorParameters<typeof EmbeddingsModel>[0]['model'];
  return new EmbeddingsModel({ vocabulary, model }).tokenizer;
}

/** Every second ticket: the other half says nothing new about the tokenizer. */
function sampleTexts(): string[] {
  return ['examples', 'test'].flatMap((name) =>
    readFileSync(new URL(`../../../../sample/${name}.jsonl`, import.meta.url), 'utf8')
      .split('\n')
      .filter((line, index) => line.trim() !== '' && index % 2 === 0)
      .map((line) => JSON.parse(line))
      .map(({ subject, body }) => `${subject ?? ''} ${body ?? ''}`),
  );
}

describe('the ids are the same as those of the package', () => {
  test('for the tickets of the sample company', () => {
    const texts = sampleTexts();
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) expect(tokenizer.encode(text)).toEqual(theirs.encode(text));
  });

  test.each([
    ['nothing', ''],
    ['one space', ' '],
    ['many spaces', '  two   spaces  '],
    ['characters with several encodings', 'Überweisung cafe\u0301 ½ ﬁle ①'],
    ['emoji', '😀😀 refund 👩‍👧 please 😡'],
    ['a lone surrogate', 'broken \ud800 text \udc00'],
    ['U+0000', 'a\0b\0\0c'],
    ['line breaks and tabs', 'first\nsecond\r\n\tthird'],
    ['other scripts', 'こんにちは Привет مرحبا'],
    ['pieces without a log-probability', 'at 10:30 or 9:00 :) :-) http://example.com://'],
    ['the mark for spaces itself', 'a\u2581b \u2581\u2581'],
  ])('for %s', (_, text) => {
    expect(tokenizer.encode(text)).toEqual(theirs.encode(text));
  });

  test('for any mixture of pieces and characters', () => {
    const part = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
    const text = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (value) => {
        expect(tokenizer.encode(value)).toEqual(theirs.encode(value));
      }),
      { numRuns: 2000 },
    );
  });
});

test('a word begins at a piece that includes the space before it', () => {
  const words = tokenizer.encode('unbelievable refunds').map((id) => tokenizer.beginsWord(id));
  expect(words.filter((begins) => begins)).toHaveLength(2);
  expect(words[0]).toBe(true);
  expect(words.length).toBeGreaterThan(2);
});

test('twice the text gives twice the tokens', () => {
  const sentence = 'the parcel has not arrived ';
  const one = tokenizer.encode(sentence.repeat(4000)).length;
  expect(tokenizer.encode(sentence.repeat(8000)).length).toBe(2 * one - 1); // the space at the end counts once
});
