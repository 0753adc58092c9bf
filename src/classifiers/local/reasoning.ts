import { list } from '../../base/plural.ts';
import { type Saying, say, sayAll } from '../../base/say.ts';
import type { NearestExample, RankedIntent } from '../classifier.ts';
import { formatPercent, shownShare } from '../format-percent.ts';

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
export function composeReasoning(facts: ReasoningFacts): Saying {
  const rival = findRival(facts);
  const sayings = [speaksFor(facts), speaksAgainst(facts, rival), facts.isSure ? null : isMissing(facts, rival)];
  return sayAll(sayings.filter((saying) => saying !== null));
}

function speaksFor({ intent, nearest, decidingWords, nameOf }: ReasoningFacts): Saying {
  const own = nearest.filter((example) => example.intent === intent).slice(0, MAX_NAMED);
  const words = decidingWords.map((phrase) => `“${phrase}”`);
  const examples = own.map(nameExample);
  const name = nameOf(intent);
  const evidence = [
    own.length === 0
      ? null
      : say('why.closest', `closest to ${list(examples.map(({ text }) => text))}`, { count: own.length, examples }),
    words.length === 0
      ? null
      : say('why.words', `the ${words.length === 1 ? 'word' : 'words'} ${list(words)}`, {
          count: words.length,
          words: decidingWords,
        }),
  ].filter((part) => part !== null);
  if (evidence.length === 0)
    return say('why.only-description', `For ${name}: only its name and description.`, { intent: name });
  const text = `For ${name}: ${evidence.map((one) => one.text).join(', and ')}.`;
  return say('why.for', text, { intent: name, evidence });
}

type Rival = {
  readonly example: NamedExample;
  /** Beside the examples of the chosen intent: `nearest` where there are none. */
  readonly comparison: 'nearest' | 'nearer' | null;
};

/** An example that is nearer than those of the chosen intent, or one of the runner-up; null where neither is near. */
function findRival({ intent, runnerUp, nearest }: ReasoningFacts): Rival | null {
  const bestOwn = nearest.find((example) => example.intent === intent)?.similarity ?? 0;
  const [first] = nearest;
  if (first !== undefined && first.intent !== intent && first.similarity > bestOwn) {
    return { example: first, comparison: bestOwn === 0 ? 'nearest' : 'nearer' };
  }
  const ofRunnerUp = nearest.find((example) => example.intent === runnerUp?.intent);
  return ofRunnerUp === undefined ? null : { example: ofRunnerUp, comparison: null };
}

function speaksAgainst({ runnerUp, nameOf }: ReasoningFacts, rival: Rival | null): Saying | null {
  if (rival === null) return null;
  const { comparison } = rival;
  const intent = nameOf(rival.example.intent);
  const confidence = rival.example.intent === runnerUp?.intent ? runnerUp.confidence : null;
  const whose =
    confidence === null
      ? say('why.intent', intent, { intent })
      : say('why.intent-with-share', `${intent} (${formatPercent(confidence)})`, {
          intent,
          confidence: shownShare(confidence),
        });
  const example = nameExample(rival.example);
  const text = `For ${whose.text}: ${example.text}`;
  const values = { whose, example };
  if (comparison === 'nearest') return say('why.rival-nearest', `${text}, the nearest example.`, values);
  if (comparison === 'nearer') return say('why.rival-nearer', `${text}, which is nearer.`, values);
  return say('why.rival', `${text}.`, values);
}

function isMissing({ intent, nearest, nameOf }: ReasoningFacts, rival: Rival | null): Saying {
  const [first] = nearest;
  if (first === undefined)
    return say('why.needs-example', 'To be sure, it would need an example that is like this ticket.');
  if (first.similarity < ALIKE) {
    const text = `To be sure, it would need an example that is more like this ticket: the nearest has a similarity of ${first.similarity.toFixed(2)} of 1.`;
    return say('why.needs-likeness', text, { similarity: rounded(first.similarity) });
  }
  const needs = `To be sure, it would need a word or an example that ${nameOf(intent)} has`;
  if (rival === null) return say('why.needs-more', `${needs}.`, { intent: nameOf(intent) });
  // No other intent than the one that was named before.
  const other = nameOf(rival.example.intent);
  return say('why.needs-difference', `${needs} and ${other} has not.`, { intent: nameOf(intent), other });
}

/** Which earlier ticket it was says the list of the nearest examples. */
function nameExample({ id, similarity, quote }: NamedExample): Saying {
  return quote === null
    ? say('why.example', `an earlier ticket (similarity ${similarity.toFixed(2)})`, {
        id,
        similarity: rounded(similarity),
      })
    : say('why.quote', `“${quote}”`, { words: [quote] });
}

const rounded = (similarity: number) => Number(similarity.toFixed(2));
