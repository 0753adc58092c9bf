import type { NearestExample } from '../classifier.ts';

/** An example that the reasoning names. */
export type NamedExample = NearestExample & {
  /** Its first words; null for words of a customer, which must not be shown to others. */
  readonly quote: string | null;
};

const MAX_QUOTE_LENGTH = 70;
const MAX_NAMED = 2;

/** The beginning of a text on one line, cut between words. */
export function shortQuote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= MAX_QUOTE_LENGTH) return line;
  const cut = line.slice(0, MAX_QUOTE_LENGTH);
  const lastSpace = cut.lastIndexOf(' ');
  return `${(lastSpace > MAX_QUOTE_LENGTH / 2 ? cut.slice(0, lastSpace) : cut).trimEnd()}…`;
}

/** Explains an answer by facts only: the nearest examples and the words with the highest weight. */
export function composeReasoning(options: {
  intentName: string;
  intent: string;
  nearest: readonly NamedExample[];
  decidingWords: readonly string[];
}): string {
  const { intent, intentName } = options;
  const own = options.nearest.filter((example) => example.intent === intent);
  const shown = (own.length > 0 ? own : options.nearest).slice(0, MAX_NAMED);
  const sentences: string[] = [];
  if (shown.length === 0)
    sentences.push(`No example is similar to this ticket; ${intentName} was chosen by its description.`);
  else {
    const names = shown.map(nameExample).join(' and ');
    const label =
      own.length > 0
        ? `labelled ${intentName}`
        : `labelled ${[...new Set(shown.map((example) => example.intent))].join(' and ')}`;
    sentences.push(`Closest to: ${names}, ${label}.`);
  }
  if (options.decidingWords.length > 0) {
    sentences.push(`Words that weighed most: ${options.decidingWords.map((words) => `“${words}”`).join(', ')}.`);
  }
  return sentences.join(' ');
}

function nameExample({ id, similarity, quote }: NamedExample): string {
  return quote === null ? `example ${id} (similarity ${similarity.toFixed(2)})` : `“${quote}”`;
}
