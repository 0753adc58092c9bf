import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseWord } from '../../ticket/normalise-word.ts';
import { confidenceOf, type Evidence, fitConfidence } from './confidence-model.ts';
import { createDenseKernel } from './dense-kernel.ts';
import { fitDenseRegression, scoreDense } from './dense-regression.ts';
import { heldOutSplits, leaveOutIntents } from './held-out.ts';
import { packArrays, unpackArrays } from './packed-arrays.ts';
import { fitMix, mixScores } from './part-mix.ts';
import { createRandom } from './random.ts';
import { extractFeatures, tokenise } from './text-features.ts';
import { indexOfHighest } from './train-model.ts';
import { hashText, readVectorCache, roundVectors, writeVectorCache } from './vector-cache.ts';
import { fitVectoriser, vectorise } from './vectoriser.ts';

describe('words of a text', () => {
  const words = (text: string) => tokenise(text).map(({ word }) => word);

  test('are lower case, without accents, compatibility forms unified', () => {
    expect(words('Café ＦＵＬＬ don’t')).toEqual(['cafe', 'full', "don't"]);
    expect(normaliseWord('ÜBER')).toBe('uber');
  });

  test('are single characters in scripts without spaces', () => {
    expect(words('荷物は')).toEqual(['荷', '物', 'は']);
  });

  test('have their positions in the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const { word, start, end } of tokenise(text)) expect(normaliseWord(text.slice(start, end))).toBe(word);
      }),
    );
  });

  test('of a very long text come from its beginning and its end', () => {
    const found = words(`first ${'middle '.repeat(20_000)} last`);
    expect(found.length).toBeLessThan(10_000);
    expect([found[0], found.at(-1)]).toEqual(['first', 'last']);
  });
});

test('TF-IDF gives each block length 1 and leaves out unknown n-grams', () => {
  const features = (text: string) => extractFeatures(tokenise(text));
  const vectoriser = fitVectoriser(['my card is lost', 'my parcel is late'].map(features));
  const { indices, values } = vectorise(vectoriser, features('my card zzz'));
  const squares = (isWord: boolean) =>
    [...values].reduce((sum, value, i) => sum + (indices[i]! < vectoriser.wordCount === isWord ? value ** 2 : 0), 0);
  expect(squares(true)).toBeCloseTo(1);
  expect(squares(false)).toBeCloseTo(1);
  expect(vectorise(vectoriser, features('qqq')).indices).toHaveLength(0);
});

test('the kernel multiplies and adds like plain arithmetic', () => {
  const kernel = createDenseKernel(4_096);
  const random = createRandom(1);
  const floats = new Float32Array(kernel.memory, 0, 5 * 32).map(() => random() - 0.5);
  new Float32Array(kernel.memory).set(floats);
  const row = (r: number) => floats.subarray(32 * r, 32 * r + 32);
  kernel.multiplyRows(0, 4, 32, 4 * 32 * 4, 3_000 * 1);
  for (let r = 0; r < 4; r++) {
    const expected = row(r).reduce((sum, value, i) => sum + value * row(4)[i]!, 0);
    expect(new Float32Array(kernel.memory, 3_000, 4)[r]).toBeCloseTo(expected, 5);
  }
  kernel.addScaled(0, 32, 4 * 32 * 4, 0.25);
  const added = new Float32Array(kernel.memory, 0, 32);
  for (let i = 0; i < 32; i++) expect(added[i]).toBeCloseTo(row(0)[i]! + 0.25 * row(4)[i]!, 5);
});

test('dense regression learns separable classes from vectors that are not centred', () => {
  const random = createRandom(2);
  const labels = Array.from({ length: 90 }, (_, i) => i % 3);
  const vectors = labels.map((label) =>
    Float32Array.from({ length: 16 }, (_, i) => 5 + (i === label ? 1 : 0) + 0.3 * (random() - 0.5)),
  );
  const set = { vectors, labels, sampleWeights: labels.map(() => 1), width: 16, classCount: 3 };
  const model = fitDenseRegression(set, { epochs: 20, learningRate: 0.5, l2: 1e-5, seed: 1 });
  expect(vectors.map((vector) => indexOfHighest(scoreDense(model, vector)))).toEqual(labels);
});

test('the kernel adds rows of a matrix to a vector, and a vector to rows, and does nothing for no rows', () => {
  const kernel = createDenseKernel(4_096);
  const matrix = new Float32Array(kernel.memory, 0, 3 * 16).map((_, i) => i);
  new Float32Array(kernel.memory).set(matrix);
  const at = { rows: 1_000, values: 1_100, out: 1_200 };
  new Uint32Array(kernel.memory, at.rows, 2).set([16 * 4, 2 * 16 * 4]);
  new Float32Array(kernel.memory, at.values, 2).set([2, -1]);
  const out = new Float32Array(kernel.memory, at.out, 16);
  kernel.addRows(0, 16, at.rows, at.values, 2, at.out);
  expect([...out]).toEqual(Array.from({ length: 16 }, (_, k) => 2 * (16 + k) - (32 + k)));
  kernel.addRows(0, 16, at.rows, at.values, 0, at.out);
  out.fill(1);
  kernel.addToRows(0, 16, at.rows, at.values, 2, at.out, 0.5);
  const changed = new Float32Array(kernel.memory, 0, 3 * 16);
  expect([changed[0], changed[16], changed[32]]).toEqual([0, 17, 31.5]);
});

describe('the mix of the parts', () => {
  const random = createRandom(4);
  const labels = Array.from({ length: 400 }, () => Math.floor(random() * 3));
  const useful = labels.map((label) => [0, 1, 2].map((k) => (k === label ? 2 : 0) + random()));
  const noise = labels.map(() => [random() * 4, random() * 4, random() * 4]);

  const cases = useful.map((own, i) => [own, noise[i]!]);
  const even = (items: readonly unknown[]) => items.map(() => 1);

  test('gives weight to the part that is right and not to the one that is noise', () => {
    const [first, second] = fitMix({ cases, labels, caseWeights: even(labels) }, [0.5, 0.5]);
    expect(first).toBeGreaterThan(1);
    expect(second).toBeLessThan(first! / 5);
  });

  test('keeps its start weights without cases', () => {
    expect(fitMix({ cases: [], labels: [], caseWeights: [] }, [0.6, 0.4])).toEqual([0.6, 0.4]);
  });

  test('follows the cases that count', () => {
    // The noise is useful for the first half, which alone counts.
    const half = cases.map(([own, other], i) => (i < 200 ? [other!, own!] : [own!, other!]));
    const caseWeights = labels.map((_, i) => (i < 200 ? 1 : 0.01));
    const [first, second] = fitMix({ cases: half, labels, caseWeights }, [0.5, 0.5]);
    expect(second).toBeGreaterThan(first!);
  });

  test('is a weighted sum', () => {
    expect([
      ...mixScores(
        [2, 0.5],
        [
          [1, 2],
          [4, 0],
        ],
      ),
    ]).toEqual([4, 4]);
  });
});

describe('confidence', () => {
  const random = createRandom(6);
  const evidence = Array.from(
    { length: 400 },
    (): Evidence => [4 * random() - 1, 5 * random(), 4 * random(), 0.5 + 0.5 * random()],
  );
  const correct = evidence.map(([certainty]) => random() < 1 / (1 + Math.exp(-certainty)));
  const strangers = evidence.map(
    ([certainty, strength, margin]): Evidence => [certainty, strength, margin, 0.3 * random()],
  );
  const weights = evidence.map(() => 1);
  const model = fitConfidence({ evidence, correct, weights, strangers, strangerWeights: weights });

  test('is on average the share of right answers', () => {
    const mean = evidence.reduce((sum, own) => sum + confidenceOf(model, own), 0) / evidence.length;
    expect(mean).toBeCloseTo(correct.filter(Boolean).length / correct.length, 1);
  });

  test('is lower for a text that is not similar to any example', () => {
    expect(confidenceOf(model, [2, 3, 2, 0.2])).toBeLessThan(confidenceOf(model, [2, 3, 2, 0.8]) - 0.2);
  });

  test('is the probability of the mix when there are few cases', () => {
    const few = fitConfidence({
      evidence: evidence.slice(0, 5),
      correct: correct.slice(0, 5),
      weights: weights.slice(0, 5),
      strangers: [],
      strangerWeights: [],
    });
    expect(few).toBeNull();
    expect(confidenceOf(few, [0, 3, 2, null])).toBeCloseTo(0.5);
  });
});

describe('the held-out sets', () => {
  test('contain every text once in small data sets, and a tenth in large ones', () => {
    const labels = (count: number) => Array.from({ length: count }, (_, i) => i % 7);
    const splits = heldOutSplits(labels(123));
    expect(splits.flatMap((split) => [...split]).sort((a, b) => a - b)).toEqual([...Array(123).keys()]);
    expect(heldOutSplits(labels(5_000)).map(({ size }) => size)).toEqual([500]);
    expect(heldOutSplits([0, 1, 1])).toEqual([]);
  });

  test('never take more than one example of an intent with a few', () => {
    const labels = Array.from({ length: 190 }, (_, i) => (i < 150 ? 0 : 1 + (i % 10)));
    for (const split of heldOutSplits(labels)) {
      const thin = [...split].map((i) => labels[i]!).filter((label) => label > 0);
      expect(new Set(thin).size).toBe(thin.length);
    }
  });

  test('leave out all texts of some intents, each once while there are few examples', () => {
    const labels = Array.from({ length: 40 }, (_, i) => i % 8);
    const leftOut = leaveOutIntents(labels);
    expect(leftOut.flatMap(({ classes }) => [...classes]).sort()).toEqual([...Array(8).keys()]);
    for (const { classes, texts } of leftOut) {
      expect(texts).toHaveLength(10);
      expect(texts.every((i) => classes.has(labels[i]!))).toBe(true);
    }
    expect(leaveOutIntents(Array.from({ length: 2_000 }, (_, i) => i % 8))).toHaveLength(1);
    expect(leaveOutIntents([0, 1, 0, 1])).toEqual([]);
  });
});

describe('packed arrays', () => {
  const arrays = {
    a: Float32Array.of(1, 2.5),
    b: Uint32Array.of(7),
    c: Int16Array.of(-3, 4, 5),
    empty: new Float32Array(0),
  };
  const packed = packArrays({ facts: { key: 'k' }, arrays });

  test('are unchanged after unpacking', () => {
    expect(unpackArrays(packed)).toEqual({ facts: { key: 'k' }, arrays });
  });

  test('are refused when any byte differs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: packed.byteLength - 1 }), (at) => {
        const damaged = packed.slice(0);
        new Uint8Array(damaged)[at]! ^= 0x40;
        expect(unpackArrays(damaged)).toBeNull();
      }),
    );
  });
});

test('cached vectors are read exactly as they were written, and only for the same encoder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-vectors-'));
  try {
    const random = createRandom(8);
    const draw = () => Float32Array.from({ length: 16 }, () => 2 * random() - 1);
    const vectors = roundVectors({ sentence: draw(), content: draw() });
    await writeVectorCache(folder, 'encoder-1', new Map([[hashText('hello'), vectors]]));
    expect((await readVectorCache(folder, 'encoder-1')).get(hashText('hello'))).toEqual(vectors);
    expect((await readVectorCache(folder, 'encoder-2')).size).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
