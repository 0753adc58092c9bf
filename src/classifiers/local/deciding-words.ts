import { isKnownWord } from './known-words.ts';
import type { SoftmaxRegression } from './softmax-regression.ts';
import type { SparseVector } from './sparse-vector.ts';
import { extractFeatures, hashBigram, hashCharacterGrams, hashWord, type Token } from './text-features.ts';
import { type Vectoriser, vectorise } from './vectoriser.ts';

const MAX_PHRASES = 4;
// A word is named if it has at least this share of the weight that speaks for the intent.
const MIN_SHARE = 0.08;
// For a very long ticket the explanation uses only the first words; the answer itself uses all.
const MAX_TOKENS = 1_500;
const MIN_WORD_LENGTH = 3;

/**
 * Finds the words of a text that speak most for one class against its runner-up, as written in the text. Only words that
 * the examples or the taxonomy have are named: an unknown word gets its weight from a few letters that it shares with
 * others. Neighbouring words of a line are joined to a phrase. Empty when no word is important enough.
 */
export function decidingWords(options: {
  text: string;
  tokens: readonly Token[];
  /** The features of all tokens as the engine has just scored them. */
  vector: SparseVector;
  vectoriser: Vectoriser;
  model: SoftmaxRegression;
  best: number;
  runnerUp: number;
  /** Words that say nothing alone. */
  stopWords: ReadonlySet<string>;
}): string[] {
  const { text, vectoriser } = options;
  const tokens = options.tokens.slice(0, MAX_TOKENS);
  const margins = featureMargins(options, tokens);
  const margin = (id: number | undefined) => (id === undefined ? 0 : (margins.get(id) ?? 0));
  const weights = tokens.map(({ word }, i) => {
    let weight = margin(vectoriser.wordIds.get(hashWord(word)));
    for (const gram of hashCharacterGrams(word)) weight += margin(vectoriser.characterIds.get(gram));
    for (const neighbour of [i - 1, i]) {
      const [first, second] = [tokens[neighbour], tokens[neighbour + 1]];
      if (first && second) weight += margin(vectoriser.wordIds.get(hashBigram(first.word, second.word))) / 2;
    }
    return weight;
  });
  const total = weights.reduce((sum, weight) => sum + Math.max(0, weight), 0);
  const strong = new Set(
    [...tokens.keys()].filter(
      (i) => weights[i]! > total * MIN_SHARE && isWord(tokens[i]!) && isKnownWord(tokens[i]!.word, vectoriser),
    ),
  );
  return phrases({ text, tokens, weights, strong, stopWords: options.stopWords });
}

/** For each feature of the text: its score for the best class minus its score for the runner-up. */
function featureMargins(
  { vectoriser, model, best, runnerUp, ...whole }: Parameters<typeof decidingWords>[0],
  tokens: readonly Token[],
): Map<number, number> {
  const isWhole = tokens.length === whole.tokens.length;
  const { indices, values } = isWhole ? whole.vector : vectorise(vectoriser, extractFeatures(tokens));
  const margins = new Map<number, number>();
  indices.forEach((id, i) => {
    const base = id * model.classCount;
    margins.set(id, values[i]! * (model.weights[base + best]! - model.weights[base + runnerUp]!));
  });
  return margins;
}

const isWord = ({ word }: Token) => word.length >= MIN_WORD_LENGTH || /[^\p{ASCII}]/u.test(word);

function phrases(options: {
  text: string;
  tokens: readonly Token[];
  weights: readonly number[];
  strong: ReadonlySet<number>;
  stopWords: ReadonlySet<string>;
}): string[] {
  const found: { words: string; weight: number }[] = [];
  let open: number[] = [];
  // A number or a word such as "where" is shown between others, and neither alone nor at an end.
  const says = ({ word }: Token) => /\p{L}/u.test(word) && !options.stopWords.has(word);
  const close = () => {
    const phrase = open.slice(
      open.findIndex((i) => says(options.tokens[i]!)),
      open.findLastIndex((i) => says(options.tokens[i]!)) + 1,
    );
    open = [];
    const [first, last] = [options.tokens[phrase.at(0) ?? -1], options.tokens[phrase.at(-1) ?? -1]];
    if (first === undefined || last === undefined) return;
    const weight = phrase.reduce((sum, i) => sum + options.weights[i]!, 0);
    found.push({ words: options.text.slice(first.start, last.end), weight });
  };
  options.tokens.forEach((token, i) => {
    if (!options.strong.has(i)) return;
    const before = open.at(-1);
    // Neither over a full stop nor over a line break, as between the subject and the body.
    const follows =
      before === i - 1 && /^[^\S\r\n]*$/.test(options.text.slice(options.tokens[before]!.end, token.start));
    if (!follows) close();
    open.push(i);
  });
  close();
  const seen = new Set<string>();
  return found
    .sort((a, b) => b.weight - a.weight)
    .map(({ words }) => words)
    .filter((words) => !seen.has(words.toLowerCase()) && seen.add(words.toLowerCase()))
    .slice(0, MAX_PHRASES);
}
