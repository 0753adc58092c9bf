import { list } from '../../base/plural.ts';
import type { NearestExample, RankedIntent } from '../classifier.ts';
import { formatPercent } from '../format-percent.ts';

/** An example that the reasoning names. */
export type NamedExample = NearestExample & {
  /** Its first words; null for words of a customer, which must not be shown to others. */
  readonly quote: string | null;
};

const MAX_QUOTE_LENGTH = 70;
const MAX_NAMED = 2;
/** Below this similarity, an example shares little more with a ticket than frequent words. */
const ALIKE = 0.5;

/** The beginning of a text on one line, cut between words. */
export function shortQuote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= MAX_QUOTE_LENGTH) return line;
  const cut = line.slice(0, MAX_QUOTE_LENGTH);
  const lastSpace = cut.lastIndexOf(' ');
  return `${(lastSpace > MAX_QUOTE_LENGTH / 2 ? cut.slice(0, lastSpace) : cut).trimEnd()}…`;
}

export type ReasoningFacts = {
  readonly intent: string;
  /** Null where the taxonomy has a single intent. */
  readonly runnerUp: RankedIntent | null;
  /** Of all intents, nearest first. */
  readonly nearest: readonly NamedExample[];
  readonly decidingWords: readonly string[];
  /** Whether the answer counts; if not, the reasoning says what is missing. */
  readonly isSure: boolean;
  /** The name of an intent, different for each. */
  readonly nameOf: (intent: string) => string;
};

/** Explains an answer by facts only: what speaks for it, what for the runner-up, and what it would have needed. */
export function composeReasoning(facts: ReasoningFacts): string {
  const rival = findRival(facts);
  return [speaksFor(facts), speaksAgainst(facts, rival), facts.isSure ? null : isMissing(facts, rival)]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

function speaksFor({ intent, nearest, decidingWords, nameOf }: ReasoningFacts): string {
  const own = nearest.filter((example) => example.intent === intent).slice(0, MAX_NAMED);
  const words = decidingWords.map((phrase) => `“${phrase}”`);
  const evidence = [
    own.length === 0 ? null : `closest to ${list(own.map(nameExample))}`,
    words.length === 0 ? null : `the ${words.length === 1 ? 'word' : 'words'} ${list(words)}`,
  ].filter((part) => part !== null);
  const why = evidence.length === 0 ? 'only its name and description' : evidence.join(', and ');
  return `For ${nameOf(intent)}: ${why}.`;
}

type Rival = {
  readonly example: NamedExample;
  /** What to say of it beside the examples of the chosen intent. */
  readonly comparison: string;
};

/** An example that is nearer than those of the chosen intent, or one of the runner-up; null where neither is near. */
function findRival({ intent, runnerUp, nearest }: ReasoningFacts): Rival | null {
  const bestOwn = nearest.find((example) => example.intent === intent)?.similarity ?? 0;
  const [first] = nearest;
  if (first !== undefined && first.intent !== intent && first.similarity > bestOwn) {
    return { example: first, comparison: bestOwn === 0 ? ', the nearest example' : ', which is nearer' };
  }
  const ofRunnerUp = nearest.find((example) => example.intent === runnerUp?.intent);
  return ofRunnerUp === undefined ? null : { example: ofRunnerUp, comparison: '' };
}

function speaksAgainst({ runnerUp, nameOf }: ReasoningFacts, rival: Rival | null): string | null {
  if (rival === null) return null;
  const { example, comparison } = rival;
  const share = example.intent === runnerUp?.intent ? ` (${formatPercent(runnerUp.confidence)})` : '';
  return `For ${nameOf(example.intent)}${share}: ${nameExample(example)}${comparison}.`;
}

function isMissing({ intent, nearest, nameOf }: ReasoningFacts, rival: Rival | null): string {
  const [first] = nearest;
  if (first === undefined) return 'To be sure, it would need an example that is like this ticket.';
  if (first.similarity < ALIKE) {
    return `To be sure, it would need an example that is more like this ticket: the nearest has a similarity of ${first.similarity.toFixed(2)} of 1.`;
  }
  // No other intent than the one that was named before.
  const other = rival === null ? '' : ` and ${nameOf(rival.example.intent)} has not`;
  return `To be sure, it would need a word or an example that ${nameOf(intent)} has${other}.`;
}

function nameExample({ id, similarity, quote }: NamedExample): string {
  return quote === null ? `example ${id} (similarity ${similarity.toFixed(2)})` : `“${quote}”`;
}
