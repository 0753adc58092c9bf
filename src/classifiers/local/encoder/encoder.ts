// The sentence encoder maps an English text to a vector of length 1. The cosine of two vectors measures how similar the
// texts are. It is Universal Sentence Encoder lite, run by our own forward pass (docs/decisions/encoder-runtime.md).

import { createForwardPass, type TextVectors } from './forward-pass.ts';
import type { VocabularyEntry } from './model-files.ts';
import { createTokenizer } from './tokenizer.ts';
import { type EncoderModel, HIDDEN_WIDTH, loadEncoderModel, MAX_TOKENS } from './weights.ts';
import { splitIntoWindows } from './windows.ts';

export type Encoder = {
  /** Names weights and arithmetic: only vectors with the same id may be compared, or reused after a restart. */
  readonly id: string;
  readonly dimensions: 512;
  /**
   * Returns a vector of length 1 for the first 128 tokens (about 100 words); the model reads no more. A text without a
   * visible character (empty, only spaces) gives zeros, whose cosine to any vector is 0. A text without a piece of the
   * vocabulary (only emoji) gives the vector of the token "unknown".
   */
  encode(text: string): Float32Array;
  /**
   * Returns the vectors of the whole text, cut between words into at most `maxWindows` windows of up to 128 tokens. Of
   * a text that is too long for these, the beginning and the end are read. Always at least one vector. Throws
   * `RangeError` unless `maxWindows` is a positive whole number.
   */
  encodeWindows(text: string, maxWindows: number): Float32Array[];
  /** Returns exactly the vector of `encode` for each text; faster for many short texts. */
  encodeMany(texts: readonly string[]): Float32Array[];
  /**
   * Returns two vectors of length 1 for each text, over all its windows: `sentence`, as above, and `content`, the mean
   * of the tokens after the last layer, where rare words count more. `content` alone is more accurate than `sentence`
   * (75.4 % and 72.6 % on held-out training texts of banking77 with ten examples per intent); both together are best.
   * Zeros for a text without a visible character.
   */
  describeMany(texts: readonly string[], maxWindows: number): TextVectors[];
};

// Raise this when a change of preprocessing or arithmetic changes the vectors, so that older ones are not compared.
const REVISION = 1;

/** More than any ticket needs; limits the time for a hostile one. */
const MAX_CHARACTERS = 200_000;

/**
 * Creates an encoder for a model. Each call takes milliseconds, so run it in a worker thread. Throws `SwitchboardError`
 * if the model must be loaded and the package with the weights is missing or not as expected.
 */
export function createEncoder(model: EncoderModel = loadEncoderModel()): Encoder {
  const tokenizer = createTokenizer(model.vocabulary);
  const forwardPass = createForwardPass(model);
  const tokensOf = (text: string) => tokenizer.encode(prepareText(text));
  const runAll = (all: readonly (readonly number[])[]) => packed(all).flatMap((texts) => forwardPass.run(texts));
  const zeros = () => new Float32Array(HIDDEN_WIDTH);
  const tokenWeights = rarityWeights(model.vocabulary);

  const encodeAll = (all: readonly (readonly number[])[]): Float32Array[] => {
    const vectors = runAll(all.filter(({ length }) => length > 0));
    let next = 0;
    return all.map(({ length }) => (length > 0 ? vectors[next++]! : zeros()));
  };

  return {
    id: `universal-sentence-encoder-lite-en@${model.version}/${REVISION}`,
    dimensions: HIDDEN_WIDTH,
    encode: (text) => encodeAll([tokensOf(text).slice(0, MAX_TOKENS)])[0]!,
    encodeWindows(text, maxWindows) {
      const windows = splitIntoWindows(tokensOf(text), { maxWindows, beginsWord: tokenizer.beginsWord });
      return windows.length === 0 ? [zeros()] : runAll(windows);
    },
    encodeMany: (texts) => encodeAll(texts.map((text) => tokensOf(text).slice(0, MAX_TOKENS))),
    describeMany(texts, maxWindows) {
      const windows = texts.map((text) =>
        splitIntoWindows(tokensOf(text), { maxWindows, beginsWord: tokenizer.beginsWord }),
      );
      const vectors = packed(windows.flat()).flatMap((pack) => forwardPass.runWithContent(pack, tokenWeights));
      let end = 0;
      return windows.map((own) => {
        end += own.length;
        return joinWindows(own, vectors.slice(end - own.length, end));
      });
    },
  };
}

// The vocabulary has the logarithm of each piece's probability in English; "the" has about -3.6, a rare piece -14.
const COMMONEST = 3;
const RAREST = 14;
/** Even the most frequent piece has a small weight, so that a text of such pieces alone has a vector. */
const LEAST_WEIGHT = 0.1;

/** Weight of each token by its id: higher for pieces that are rarer in English. */
function rarityWeights(vocabulary: readonly VocabularyEntry[]): Float32Array {
  return Float32Array.from(
    vocabulary,
    ([, score]) => Math.min(RAREST, Math.max(COMMONEST, -(score ?? 0))) - COMMONEST + LEAST_WEIGHT,
  );
}

/** Adds up the vectors of a text's windows, each weighted by its number of tokens, and scales them to length 1. */
function joinWindows(windows: readonly (readonly number[])[], vectors: readonly TextVectors[]): TextVectors {
  const sentence = new Float32Array(HIDDEN_WIDTH);
  const content = new Float32Array(HIDDEN_WIDTH);
  vectors.forEach((window, i) => {
    for (let d = 0; d < HIDDEN_WIDTH; d += 1) {
      sentence[d]! += window.sentence[d]! * windows[i]!.length;
      content[d]! += window.content[d]!;
    }
  });
  return { sentence: toLengthOne(sentence), content: toLengthOne(content) };
}

function toLengthOne(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** Groups neighbouring texts, as many as fit into one forward pass. */
function packed(texts: readonly (readonly number[])[]): (readonly number[])[][] {
  const packs: (readonly number[])[][] = [];
  let room = 0;
  for (const text of texts) {
    if (text.length > room) {
      packs.push([]);
      room = MAX_TOKENS;
    }
    packs.at(-1)!.push(text);
    room -= text.length;
  }
  return packs;
}

/**
 * Line breaks, tabs and runs of spaces become one space, as in the normaliser that the model was trained with. The
 * package leaves out this step, and so does not recognise the beginning of a word after a line break.
 */
function prepareText(text: string): string {
  const normalised = text
    .normalize('NFKC')
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (normalised.length <= MAX_CHARACTERS) return normalised;
  const half = MAX_CHARACTERS / 2;
  return `${normalised.slice(0, half)} ${normalised.slice(-half)}`;
}
