// The sentence encoder: English text in, a vector of length 1 whose cosine to another says how alike two texts are.
// Universal Sentence Encoder lite, run by our own forward pass (docs/decisions/encoder-runtime.md says why).

import { createForwardPass, type TextVectors } from './forward-pass.ts';
import type { VocabularyEntry } from './model-files.ts';
import { createTokenizer } from './tokenizer.ts';
import { type EncoderModel, HIDDEN_WIDTH, loadEncoderModel, MAX_TOKENS } from './weights.ts';
import { splitIntoWindows } from './windows.ts';

export type Encoder = {
  /** Names weights and arithmetic: vectors with the same id may be compared and kept. */
  readonly id: string;
  readonly dimensions: 512;
  /**
   * A vector of length 1 for the first 128 tokens (about 100 words), which is as far as the model reads.
   * A text without any character that counts (empty, only spaces) gives zeros, whose cosine to anything is 0; a text
   * in which the vocabulary knows nothing (only emoji) gives the one vector that "unknown" has.
   */
  encode(text: string): Float32Array;
  /**
   * The vectors of the whole text, cut at words into at most `maxWindows` windows of up to 128 tokens; of a longer one
   * the beginning and the end. At least one vector. Throws RangeError unless `maxWindows` is a positive whole number.
   */
  encodeWindows(text: string, maxWindows: number): Float32Array[];
  /** As `encode` for each text, to the bit, and faster when there are many short ones. */
  encodeMany(texts: readonly string[]): Float32Array[];
  /**
   * Two vectors of length 1 for each text, of all its windows together: `sentence`, as above, and `content`, the mean
   * of the words after the last layer where a rare word counts more. `content` alone tells intents apart better (with
   * ten examples an intent on banking77, 75.4 % against 72.6 % on held-out training texts), both together best.
   * Zeros for a text without any character that counts.
   */
  describeMany(texts: readonly string[], maxWindows: number): TextVectors[];
};

// Raise when a change of preprocessing or arithmetic moves the vectors, so that none made before is compared with them.
const REVISION = 1;

/** More than any ticket needs; bounds the time that a hostile one can take. */
const MAX_CHARACTERS = 200_000;

/**
 * Assembles the kernel around a model. The result takes milliseconds a call: run it in a worker thread. Throws
 * SwitchboardError if the model has to be loaded and the package with the weights is missing or not as expected.
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

// The vocabulary gives the logarithm of how likely each piece is in English; "the" has about -3.6, a rare one -14.
const COMMONEST = 3;
const RAREST = 14;
/** Even the commonest piece counts a little, so that a text of nothing else has a vector. */
const LEAST_WEIGHT = 0.1;

/** Weight of each token by its id: grows with how rare the piece is in English. */
function rarityWeights(vocabulary: readonly VocabularyEntry[]): Float32Array {
  return Float32Array.from(
    vocabulary,
    ([, score]) => Math.min(RAREST, Math.max(COMMONEST, -(score ?? 0))) - COMMONEST + LEAST_WEIGHT,
  );
}

/** Windows count by their number of tokens. */
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

/** Neighbours together, as many as fit into one forward pass. */
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
 * Line breaks, tabs and runs of spaces become one space, as in the normaliser that the model was trained behind; the
 * package has left that step out, so that a line break hides the beginning of the word after it.
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
