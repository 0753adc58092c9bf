import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDenseKernel } from '../local/dense-kernel.ts';
import { createMemory, instantiate } from '../local/encoder/kernel.ts';
import { createAssembler } from '../local/encoder/wasm-assembler.ts';
import { createRandom } from '../local/random.ts';
import { hashWord, tokenise } from '../local/text-features.ts';
import { Bm25 } from './bm25.ts';
import { type DocumentList, DocumentTable } from './document-table.ts';
import { ExactScan } from './exact-scan.ts';
import { RANKING_DEPTH, RankFusion } from './rank-fusion.ts';
import { reciprocalRankFusion } from './reciprocal-rank-fusion.ts';
import { mayShareWords, overlap } from './select-examples.ts';
import { defineSelection, selectionBytes, VALUES_MULTIPLE, ValueSelection } from './value-selection.ts';
import { VectorScan } from './vector-scan.ts';
import { mayOverlap, sketchWords } from './word-sketch.ts';

/** A table with these scores, by document. */
function tableOf(scores: readonly number[]): DocumentTable {
  const table = new DocumentTable();
  const lists = new Map<number, DocumentList>();
  for (const [document, score] of scores.entries()) {
    table.setKind(document, 0);
    const list = lists.get(score) ?? table.createList();
    lists.set(score, list);
    table.addTo(list, document);
  }
  table.clear();
  table.setDivisors(Float64Array.of(0));
  for (const [weight, list] of lists) table.add(list, { weight, plus: 1 });
  return table;
}

test('the top documents are the same as by sorting', () => {
  const values = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 600 });
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 12 }), (list, count) => {
      // Rounding joins scores that differ, and others differ by less than 32 bits can tell.
      const rankOf = (score: number) => Math.floor(score) / 2 + (score % 2 === 0 ? 0 : 1e-12);
      const sorted = [...list.keys()]
        .filter((document) => rankOf(list[document]!) > 0)
        .sort((a, b) => rankOf(list[b]!) - rankOf(list[a]!) || a - b);
      expect(tableOf(list).top(count, rankOf)).toEqual(sorted.slice(0, count));
    }),
  );
});

describe.each(['f32', 'f64'] as const)('the selection among values of %s', (format) => {
  const Floats = format === 'f32' ? Float32Array : Float64Array;
  const open = (list: readonly number[]) => {
    const valuesAt = 16 * Math.ceil(selectionBytes(format, list.length) / 16);
    const memory = createMemory(valuesAt + (list.length + VALUES_MULTIPLE) * Floats.BYTES_PER_ELEMENT);
    const assembler = createAssembler();
    defineSelection(assembler, format);
    const { raiseMaxima, listFrom } = instantiate(assembler.assemble(1), memory);
    const kernel = { raiseMaxima: raiseMaxima!, listFrom: listFrom! };
    const options = { kernel, memory, format, start: 0, capacity: list.length };
    const values = new Floats(memory.buffer, valuesAt, list.length);
    values.set(list);
    return {
      selection: new ValueSelection(options),
      list: [...values],
      place: { values: valuesAt, size: list.length },
    };
  };
  const lists = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 })), {
    minLength: 1,
    maxLength: 900,
  });

  test('finds a bound that as many as are wanted reach', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 100 }), (drawn, n) => {
        const { selection, list, place } = open(drawn);
        const bound = selection.boundOfHighest({ ...place, n });
        expect(list.filter((value) => value >= bound).length).toBeGreaterThanOrEqual(Math.min(n, list.length));
      }),
    );
  });

  test('lists the values from a bound on, and all of them without a bound', () => {
    fc.assert(
      fc.property(lists, fc.double({ noNaN: true }), (drawn, least) => {
        const { selection, list, place } = open(drawn);
        expect([...selection.from({ ...place, least })]).toEqual(
          [...list.keys()].filter((at) => list[at]! >= new Floats([least])[0]!),
        );
        for (const none of [Number.NEGATIVE_INFINITY, Number.NaN]) {
          expect(selection.from({ ...place, least: none })).toHaveLength(list.length);
        }
      }),
    );
  });
});

/** All cosines as one multiplication gives them, to the last bit, by handle. */
function cosinesOf(vectors: ReadonlyMap<number, Float32Array>, query: Float32Array): Map<number, number> {
  const width = query.length;
  const kernel = createDenseKernel(4 * (vectors.size * (width + 1) + width));
  const memory = new Float32Array(kernel.memory);
  [...vectors.values()].forEach((vector, row) => {
    memory.set(vector, row * width);
  });
  memory.set(query, vectors.size * width);
  const at = 4 * vectors.size * width;
  kernel.multiplyRows(0, vectors.size, width, at, at + 4 * width);
  return new Map([...vectors.keys()].map((handle, row) => [handle, memory[(vectors.size + 1) * width + row]!]));
}

describe('the scan of vectors', () => {
  /** Of very different lengths, and with many that are equal or nearly so. */
  const drawVectors = (seed: number, { width, kinds }: { width: number; kinds: number }) => {
    const random = createRandom(seed);
    const kind = Array.from({ length: kinds }, () => Float32Array.from({ length: width }, () => random() - 0.5));
    const scaleOf = () => (random() < 0.8 ? 1 : 10 ** (6 * random() - 3));
    return () => {
      const base = kind[Math.floor(random() * kinds)]!;
      const change = random() < 0.5 ? 0 : 1e-5 * random();
      const scale = random() < 0.8 ? 1 : scaleOf();
      return base.map((value, i) => scale * (value + (i === 3 ? change : 0)));
    };
  };
  const expectExact = (scan: VectorScan, { kept, query }: { kept: Map<number, Float32Array>; query: Float32Array }) => {
    const cosines = cosinesOf(kept, query);
    const sorted = [...cosines].filter(([, cosine]) => cosine > 0).sort(([a, x], [b, y]) => y - x || a - b);
    const comparison = scan.compare(query);
    for (const count of [1, 10, 100]) {
      const found = comparison.top(count).map((handle) => [handle, comparison.cosineOf(handle)]);
      expect(found).toEqual(sorted.slice(0, count));
    }
    expect(scan.highest(query)).toBe(sorted[0]?.[1] ?? 0);
    for (const [handle, cosine] of cosines) expect(scan.compare(query).cosineOf(handle)).toBe(cosine);
    expect(comparison.cosineOf(9_999)).toBe(0);
  };

  test.each([
    { width: 16, kinds: 3 },
    { width: 48, kinds: 400 },
    { width: 512, kinds: 20 },
    { width: 1_024, kinds: 200 },
  ])('finds the same as a comparison in full, equal ones included: $width numbers, $kinds kinds', (kind) => {
    const draw = drawVectors(kind.width, kind);
    const scan = new VectorScan(kind.width);
    const kept = new Map<number, Float32Array>();
    for (let handle = 0; handle < 600; handle++) {
      const vector = draw();
      scan.put(handle, vector);
      kept.set(handle, vector);
    }
    for (let i = 0; i < 20; i++) expectExact(scan, { kept, query: draw() });
    expectExact(scan, { kept, query: new Float32Array(kind.width) });
    expectExact(scan, { kept, query: new Float32Array(kind.width).fill(1) });
  });

  test('finds the same after many additions and removals', () => {
    const draw = drawVectors(5, { width: 16, kinds: 300 });
    const random = createRandom(5);
    const scan = new VectorScan(16);
    const kept = new Map<number, Float32Array>();
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
      if (step % 100 === 0) expectExact(scan, { kept, query: draw() });
    }
    expect(scan.size).toBe(kept.size);
    expectExact(scan, { kept, query: draw() });
  });

  test.each([1, 2, 3, 4, 7, 15, 16])('finds for each of %i queries in one pass what it finds for it alone', (count) => {
    const draw = drawVectors(count, { width: 48, kinds: 200 });
    const scan = new VectorScan(48);
    // An odd number, of which one begins a page of its own.
    for (let handle = 0; handle < 1_025; handle++) scan.put(handle, draw());
    const queries = [...Array.from({ length: count - 1 }, draw), new Float32Array(48)];
    const handles = [0, 300, 1_024];
    const alone = queries.map((query) => {
      const comparison = scan.compare(query);
      return { top: comparison.top(100), cosines: handles.map(comparison.cosineOf) };
    });
    const together = scan.compareAll(queries).map((comparison) => ({ comparison, top: comparison.top(100) }));
    expect(together.map(({ comparison, top }) => ({ top, cosines: handles.map(comparison.cosineOf) }))).toEqual(alone);
  });

  test('compares nothing where there is no query', () => {
    const scan = new VectorScan(16);
    scan.put(0, new Float32Array(16).fill(1));
    expect(scan.compareAll([])).toEqual([]);
  });

  test('a sum of the largest numbers fits', () => {
    const width = 2_048;
    const scan = new VectorScan(width);
    const vector = new Float32Array(width).fill(1);
    scan.put(0, vector);
    scan.put(
      1,
      vector.map((_, i) => (i === 0 ? 0.5 : 1)),
    );
    expect(scan.compare(vector).top(1)).toEqual([0]);
    expect(scan.highest(vector)).toBe(width);
  });
});

const wordsOf = (text: string) => tokenise(text).map(({ word }) => hashWord(word));

/** BM25 with k1 = 1.2 and b = 0.75, as a share of the highest weight; the rarest words are added first, unknown ones last. */
function textbookScores(documents: ReadonlyMap<number, string>, query: string): Map<number, number> {
  const all = [...documents].map(([document, text]) => ({ document, words: wordsOf(text) }));
  const meanLength = all.reduce((sum, { words }) => sum + words.length, 0) / Math.max(1, all.length);
  const terms = [...new Set(wordsOf(query))]
    .map((word) => ({ word, frequency: all.filter(({ words }) => words.includes(word)).length }))
    .sort((a, b) => (a.frequency || Infinity) - (b.frequency || Infinity) || 0)
    .map(({ word, frequency }) => ({
      word,
      weight: Math.log(1 + (all.length - frequency + 0.5) / (frequency + 0.5)),
    }));
  const best = terms.reduce((sum, { weight }) => sum + weight * 2.2, 0);
  const scoreOf = (words: readonly number[]) => {
    const norm = 1.2 * (1 - 0.75 + (0.75 * words.length) / meanLength);
    let sum = 0;
    for (const { word, weight } of terms) {
      const times = words.filter((other) => other === word).length;
      if (times > 0) sum += (weight * times * 2.2) / (times + norm);
    }
    return Math.min(1, sum / best) || 0;
  };
  return new Map(all.map(({ document, words }) => [document, scoreOf(words)]));
}

describe('BM25', () => {
  const index = new Bm25();
  index.put(0, 'my card has not arrived');
  index.put(1, 'my card was charged twice');
  index.put(2, 'my parcel has not arrived');

  const scoresOf = (own: Bm25, text: string) => {
    const { scoreOf } = own.search(text);
    return [0, 1, 2].map(scoreOf);
  };

  test('ranks by rare common words', () => {
    const [one, two, three] = scoresOf(index, 'charged twice for my card');
    expect(two).toBeGreaterThan(one!);
    expect(one).toBeGreaterThan(three!);
    expect(index.search('charged twice for my card').top(2)).toEqual([1, 0]);
  });

  test('scores at most 1, and 0 for a text without common words', () => {
    expect(Math.max(...scoresOf(index, 'my card has not arrived'))).toBeLessThanOrEqual(1);
    expect(scoresOf(index, 'zzz')).toEqual([0, 0, 0]);
    expect(scoresOf(index, '')).toEqual([0, 0, 0]);
    expect(index.search('').top(3)).toEqual([]);
    expect(index.search('zzz').top(3)).toEqual([]);
  });

  test('gives the scores of the textbook after any additions and removals, to the last bit', () => {
    const words = 'my card has not arrived charged twice parcel'.split(' ');
    const texts = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((drawn) => drawn.join(' '));
    const changes = fc.array(fc.record({ document: fc.nat({ max: 400 }), text: fc.option(texts) }), { maxLength: 300 });
    fc.assert(
      fc.property(changes, texts, (list, query) => {
        const own = new Bm25();
        const kept = new Map<number, string>();
        for (const { document, text } of list) {
          if (text === null) own.remove(document);
          else own.put(document, text);
          if (text === null) kept.delete(document);
          else kept.set(document, text);
        }
        const expected = textbookScores(kept, query);
        const found = own.search(query);
        for (const [document, score] of expected) expect(found.scoreOf(document)).toBe(score);
        const sorted = [...expected].filter(([, score]) => score > 0).sort(([a, x], [b, y]) => y - x || a - b);
        expect(found.top(10)).toEqual(sorted.slice(0, 10).map(([document]) => document));
      }),
    );
  });

  test('does not find a removed document', () => {
    const own = new Bm25();
    own.put(0, 'alpha beta');
    own.put(1, 'alpha gamma');
    own.remove(0);
    own.remove(0);
    expect(own.search('alpha').top(3)).toEqual([1]);
  });
});

test('reciprocal rank fusion prefers documents that are near the top of both rankings', () => {
  const scores = reciprocalRankFusion([
    [1, 2, 3],
    [2, 4, 1],
  ]);
  expect([...scores].sort(([, a], [, b]) => b - a).map(([document]) => document)).toEqual([2, 1, 4, 3]);
});

const rankings = fc.uniqueArray(fc.integer({ min: 0, max: 150 }), { maxLength: RANKING_DEPTH });

test('the fusion of two rankings has the order of the sums, of equal ones the lower handle first', () => {
  const fusion = new RankFusion();
  fc.assert(
    fc.property(rankings, rankings, (first, second) => {
      const scores = reciprocalRankFusion([first, second]);
      const sorted = [...scores].sort(([a, x], [b, y]) => y - x || a - b).map(([handle]) => handle);
      expect(fusion.fuse(first, second)).toEqual(sorted);
    }),
  );
});

const wordLists = fc.array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), { minLength: 1, maxLength: 60 });

test('sketches of words exclude no pair of texts that has the share in common', () => {
  fc.assert(
    fc.property(wordLists, wordLists, fc.integer({ min: 0, max: 60 }), (one, other, common) => {
      const [a, b] = [one, [...one.slice(0, common), ...other.slice(common)]].map((words) => words.join(' '));
      const share = overlap(new Set(a!.split(' ')), new Set(b!.split(' ')));
      expect(mayOverlap(sketchWords(a!), sketchWords(b!), share)).toBe(true);
    }),
  );
});

test('sketches of words tell apart texts with other words, also long ones', () => {
  for (const length of [1, 10, 100, 300]) {
    const [one, other] = ['a', 'b'].map((letter) => Array.from({ length }, (_, i) => `${letter}${i}`).join(' '));
    expect(mayOverlap(sketchWords(one!), sketchWords(other!), 0.9)).toBe(false);
  }
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
