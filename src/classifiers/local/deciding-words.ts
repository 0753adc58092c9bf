import type { SoftmaxRegression } from './softmax-regression.ts';
import { extractFeatures, hashBigram, hashCharacterGrams, hashWord, type Token } from './text-features.ts';
import { type Vectoriser, vectorise } from './vectoriser.ts';

const MAX_PHRASES = 4;
// A word is named if it has at least this share of the weight that speaks for the intent.
const MIN_SHARE = 0.08;
// For a very long ticket the explanation uses only the first words; the answer itself uses all.
const MAX_TOKENS = 1_500;
const MIN_WORD_LENGTH = 3;

/**
 * Finds the words of a text that speak most for one class against its runner-up, as written in the text. Neighbouring
 * words are joined to a phrase. Empty when no word is important enough.
 */
export function decidingWords(options: {
  text: string;
  tokens: readonly Token[];
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
  const strong = new Set([...tokens.keys()].filter((i) => weights[i]! > total * MIN_SHARE && isWord(tokens[i]!)));
  return phrases({ text, tokens, weights, strong, stopWords: options.stopWords });
}

/** For each feature of the text: its score for the best class minus its score for the runner-up. */
function featureMargins(
  { vectoriser, model, best, runnerUp }: Parameters<typeof decidingWords>[0],
  tokens: readonly Token[],
): Map<number, number> {
  const { indices, values } = vectorise(vectoriser, extractFeatures(tokens));
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
  type Phrase = { start: number; end: number; last: number; weight: number; says: boolean };
  let open: Phrase | null = null;
  // A number or a word such as "where" is shown next to others, and not alone.
  const says = ({ word }: Token) => !/^\p{N}+$/u.test(word) && !options.stopWords.has(word);
  const close = () => {
    if (open?.says) found.push({ words: options.text.slice(open.start, open.end), weight: open.weight });
    open = null;
  };
  options.tokens.forEach((token, i) => {
    if (!options.strong.has(i)) return;
    const weight = options.weights[i]!;
    if (open !== null && open.last === i - 1 && options.text.slice(open.end, token.start).trim() === '') {
      open = { ...open, end: token.end, last: i, weight: open.weight + weight, says: open.says || says(token) };
    } else {
      close();
      open = { start: token.start, end: token.end, last: i, weight, says: says(token) };
    }
  });
  close();
  const seen = new Set<string>();
  return found
    .sort((a, b) => b.weight - a.weight)
    .map(({ words }) => words)
    .filter((words) => !seen.has(words.toLowerCase()) && seen.add(words.toLowerCase()))
    .slice(0, MAX_PHRASES);
}
