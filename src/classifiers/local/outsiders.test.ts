import { expect, test } from 'vitest';
import { prepareExample } from './example-set.ts';
import { type ComparedText, Outsiders } from './outsiders.ts';

const put = (outsiders: Outsiders, id: string, body: string) => {
  const example = prepareExample({ id, body, intent: '', language: 'en' });
  outsiders.put(example);
  return example;
};
const compared = (rest: Partial<ComparedText>): ComparedText => ({
  text: 'I look for a room mate',
  language: 'en',
  embedding: null,
  nearest: [],
  highestCosine: null,
  ...rest,
});
const vector = (...numbers: number[]) => Float32Array.from(numbers);

test('a text nearer in meaning to an outsider than to any example is like it', () => {
  const outsiders = new Outsiders();
  const earlier = put(outsiders, 'o', 'Any room?');
  const outsider = put(outsiders, 'o', 'Any flat to share?');
  outsiders.setEmbedding(earlier, vector(0.8, 0.6));
  expect([...outsiders.unread()]).toEqual([outsider]);
  outsiders.setEmbedding(outsider, vector(1, 0));
  const embedding = vector(0.8, 0.6);
  expect(outsiders.isLikeOne(compared({ embedding, highestCosine: 0.7 }))).toBe(true);
  expect(outsiders.isLikeOne(compared({ embedding, highestCosine: 0.9 }))).toBe(false);
  expect(outsiders.isLikeOne(compared({ embedding: vector(0.3, 0.95), highestCosine: 0.1 }))).toBe(false);
});

test('where meanings cannot be compared, it needs as many common words as the nearest example', () => {
  const outsiders = new Outsiders();
  put(outsiders, 'o', 'I look for a quiet room mate');
  expect(outsiders.isLikeOne(compared({}))).toBe(true);
  expect(outsiders.isLikeOne(compared({ nearest: [{ normalisedText: 'i look for a room mate' }] }))).toBe(false);
  expect(outsiders.isLikeOne(compared({ text: 'My room is too cold' }))).toBe(false);
  expect(outsiders.isLikeOne(compared({ language: 'de' }))).toBe(false);
});

test('nothing is like an outsider that was removed', () => {
  const outsiders = new Outsiders();
  put(outsiders, 'o', 'I look for a room mate');
  outsiders.remove('o');
  expect(outsiders.isLikeOne(compared({}))).toBe(false);
});
