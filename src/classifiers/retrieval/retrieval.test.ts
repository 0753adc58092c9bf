import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../local/random.ts';
import { Bm25 } from './bm25.ts';
import { ExactScan } from './exact-scan.ts';
import { reciprocalRankFusion } from './reciprocal-rank-fusion.ts';
import { mayShareWords } from './select-examples.ts';
import { topDocuments } from './top-documents.ts';
import { VectorScan } from './vector-scan.ts';

test('the top documents are the same as by sorting', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 9 })), fc.integer({ min: 0, max: 12 }), (scores, count) => {
      const sorted = [...scores.keys()]
        .filter((document) => scores[document]! > 0)
        .sort((a, b) => scores[b]! - scores[a]! || a - b);
      expect(topDocuments(scores, count)).toEqual(sorted.slice(0, count));
    }),
  );
});

test('the scan of vectors gives the right cosines after many additions and removals', () => {
  const random = createRandom(5);
  const scan = new VectorScan(16);
  const kept = new Map<number, Float32Array>();
  const draw = () => Float32Array.from({ length: 16 }, () => random() - 0.5);
  for (let step = 0; step < 2_000; step++) {
    const handle = Math.floor(random() * 700);
    if (random() < 0.7) {
      const vector = draw();
      scan.put(handle, vector);
      kept.set(handle, vector);
    } else {
      scan.remove(handle);
      kept.delete(handle);
    }
  }
  const query = draw();
  const found = scan.cosines(query, 700);
  expect(scan.size).toBe(kept.size);
  for (const [handle, cosine] of found.entries()) {
    const expected = kept.get(handle)?.reduce((sum, value, i) => sum + value * query[i]!, 0) ?? 0;
    expect(cosine).toBeCloseTo(expected, 5);
  }
});

describe('BM25', () => {
  const index = new Bm25();
  index.put(0, 'my card has not arrived');
  index.put(1, 'my card was charged twice');
  index.put(2, 'my parcel has not arrived');

  test('ranks by rare common words', () => {
    const scores = index.search('charged twice for my card');
    expect(scores[1]).toBeGreaterThan(scores[0]!);
    expect(scores[0]).toBeGreaterThan(scores[2]!);
  });

  test('scores at most 1, and 0 for a text without common words', () => {
    expect(Math.max(...index.search('my card has not arrived'))).toBeLessThanOrEqual(1);
    expect([...index.search('zzz')]).toEqual([0, 0, 0]);
    expect([...index.search('')]).toEqual([0, 0, 0]);
  });

  test('does not find a removed document', () => {
    const own = new Bm25();
    own.put(0, 'alpha beta');
    own.put(1, 'alpha gamma');
    own.remove(0);
    own.remove(0);
    expect([...own.search('alpha')].map((score) => score > 0)).toEqual([false, true]);
  });
});

test('reciprocal rank fusion prefers documents that are near the top of both rankings', () => {
  const scores = reciprocalRankFusion([
    [1, 2, 3],
    [2, 4, 1],
  ]);
  expect([...scores].sort(([, a], [, b]) => b - a).map(([document]) => document)).toEqual([2, 1, 4, 3]);
});

test('an exact scan combines meaning and words, and returns the highest cosine', () => {
  const scan = new ExactScan();
  const unit = (at: number) => Float32Array.from({ length: 16 }, (_, i) => (i === at ? 1 : 0));
  const add = (id: string, text: string) => scan.put({ id, intent: 'x', text, normalisedText: text, language: null });
  add('same-meaning', 'the parcel is missing');
  add('same-words', 'where is my order');
  add('neither', 'reset the password');
  scan.setEmbedding('same-meaning', unit(0));
  scan.setEmbedding('same-words', unit(1));
  scan.setEmbedding('neither', unit(2));
  const result = scan.search({
    text: 'where is my order',
    language: null,
    embedding: unit(0),
    k: 2,
    perIntent: 5,
    minSimilarity: 0,
    excludeIds: new Set(),
  });
  expect(result.found.map(({ id }) => id).sort()).toEqual(['same-meaning', 'same-words']);
  expect(result.highestCosine).toBe(1);
});

test('words are compared within one language, and where a language is not known', () => {
  expect(mayShareWords('de', 'de-AT')).toBe(true);
  expect(mayShareWords('pt_BR', 'pt')).toBe(true);
  expect(mayShareWords('nb', 'no')).toBe(true);
  expect(mayShareWords(null, 'de')).toBe(true);
  expect(mayShareWords('de', null)).toBe(true);
  expect(mayShareWords('de', 'en')).toBe(false);
  expect(mayShareWords('es', 'pt')).toBe(false);
});
