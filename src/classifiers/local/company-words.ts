import type { FoundName, LabelBook } from '../imitations/label-book.ts';
import type { ExampleSet } from './example-set.ts';

/**
 * With fewer examples of an intent, it is not known whether customers use its name: with ten, on banking77, leaving names
 * out cost 0.4 points of accuracy.
 */
const MIN_EXAMPLES = 20;
/** Fewer words say too little to be read alone. */
const MIN_WORDS_LEFT = 3;
/** As in "Category: x" and "team = x": such a word belongs to the name. */
const keyBefore = /(^|[^\p{L}\p{M}\p{N}])[\p{L}_-]{2,20}["'`*_]{0,3}[ \t]{0,3}[:=：>|][\s"'`*_[({<>|-]{0,6}$/u;

/**
 * Returns the text without names of intents that no customer uses: no example has them, though there are examples enough.
 * Such a name is the company's word for what customers want, and in a ticket no evidence of it. Where little else is left
 * the names stay.
 */
export function withoutCompanyWords(options: {
  text: string;
  labels: LabelBook;
  examples: Pick<ExampleSet, 'says' | 'countOf'>;
}): string {
  const { text, labels, examples } = options;
  const isOurs = ({ name: { words, intents } }: FoundName) =>
    !examples.says(words) && Array.from(intents).some((intent) => examples.countOf(intent) >= MIN_EXAMPLES);
  const names = labels.findNames(text).filter(isOurs);
  if (names.length === 0) return text;
  let rest = '';
  let from = 0;
  for (const { start, end } of names) {
    rest += `${text.slice(from, start).replace(keyBefore, '$1')} `;
    from = end;
  }
  rest += text.slice(from);
  const isEnough = (rest.match(/[\p{L}\p{N}]{2,}/gu)?.length ?? 0) >= MIN_WORDS_LEFT;
  return isEnough ? rest.trim() : text;
}
