/** An example as it is quoted to the agent who reads the ticket. */
export type QuotedExample = { readonly intent: string; readonly quote: string };

const MAX_QUOTE_LENGTH = 70;
const MAX_QUOTES = 2;

/** The beginning of a text on one line, cut between words. */
export function shortQuote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= MAX_QUOTE_LENGTH) return line;
  const cut = line.slice(0, MAX_QUOTE_LENGTH);
  const lastSpace = cut.lastIndexOf(' ');
  return `${(lastSpace > MAX_QUOTE_LENGTH / 2 ? cut.slice(0, lastSpace) : cut).trimEnd()}…`;
}

/** What the engine went by: the examples that stand nearest and the words that weighed most. It does not argue. */
export function composeReasoning(options: {
  intentName: string;
  intent: string;
  nearest: readonly QuotedExample[];
  decidingWords: readonly string[];
}): string {
  const { intent, intentName } = options;
  const own = options.nearest.filter((example) => example.intent === intent);
  const shown = (own.length > 0 ? own : options.nearest).slice(0, MAX_QUOTES);
  const sentences: string[] = [];
  if (shown.length === 0) sentences.push(`No example is like this ticket; ${intentName} is named by its description.`);
  else {
    const quotes = shown.map(({ quote }) => `“${quote}”`).join(' and ');
    const label =
      own.length > 0
        ? `labelled ${intentName}`
        : `labelled ${[...new Set(shown.map((example) => example.intent))].join(' and ')}`;
    sentences.push(`Closest to: ${quotes}, ${label}.`);
  }
  if (options.decidingWords.length > 0) {
    sentences.push(`Words that weighed most: ${options.decidingWords.map((words) => `“${words}”`).join(', ')}.`);
  }
  return sentences.join(' ');
}
