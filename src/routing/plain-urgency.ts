import type { Urgency } from '../ticket/ticket.ts';
import urgencyPhrases from './urgency-phrases.json' with { type: 'json' };

export type PlainUrgency = {
  readonly urgency: Urgency;
  /** The reason, to follow "the urgency is high", for example `the text says "by tomorrow"`; null when there is none. */
  readonly signal: string | null;
};

/** How many characters are searched: urgent tickets say so within the first few pages. */
const MAX_READ = 6_000;

/**
 * Finds the urgency by plain words, for engines that give none: danger is critical; an outage, a deadline or the word
 * "urgent" is high; "no hurry" is low. An outage of a customer on a top tier is critical. Capitals, exclamation marks
 * and anger are ignored: they do not show how long the customer can wait. So are conditions ("in case of emergency call
 * …", to the end of their sentence) and the names of telephone lines ("24 h emergency hotline"): nothing has happened yet.
 */
export function plainUrgency({ text, tier }: { text: string; tier: string | null }): PlainUrgency {
  const read = withoutConditions(
    text.slice(0, MAX_READ).normalize('NFKC').toLowerCase().replace(/[’‘]/g, "'").replace(/\s+/g, ' '),
  );
  const say = (phrase: string) => `the text says "${phrase}"`;

  const danger = find(patterns.danger, read);
  if (danger !== null) return { urgency: 'critical', signal: say(danger) };

  // "Not urgent" contains the word "urgent", so phrases without hurry are removed before the others are searched.
  const hasTime = find(patterns.noHurry, read);
  const rest = hasTime === null ? read : read.replaceAll(patterns.noHurry, ' ');
  const outage = find(patterns.outage, rest);
  if (outage !== null && tier !== null && topTier.test(tier)) {
    return { urgency: 'critical', signal: `${say(outage)} and the customer is on ${tier}` };
  }
  const pressing = outage ?? find(patterns.deadline, rest) ?? find(patterns.claim, rest);
  if (pressing !== null) return { urgency: 'high', signal: say(pressing) };
  return hasTime === null ? { urgency: 'normal', signal: null } : { urgency: 'low', signal: say(hasTime) };
}

/** Removes conditions, each to the end of its sentence, and names of telephone lines. */
function withoutConditions(text: string): string {
  let kept = '';
  let from = 0;
  for (const { index } of text.matchAll(patterns.condition)) {
    if (index < from) continue;
    kept += `${text.slice(from, index)} `;
    sentenceEnd.lastIndex = index;
    from = sentenceEnd.exec(text)?.index ?? text.length;
  }
  return (kept + text.slice(from)).replaceAll(patterns.phoneLine, ' ');
}

const sentenceEnd = /[!?;。！？]|\.(?= |$)/g;

function find(pattern: RegExp, text: string): string | null {
  pattern.lastIndex = 0;
  return pattern.exec(text)?.[0] ?? null;
}

const topTier = /^\s*(?:enterprise|vip|platinum|strategic|key[ -]?account)\s*$/i;

type Phrases = {
  /** Patterns that match whole words, by language. */
  readonly wholeWords: Readonly<Record<string, readonly string[]>>;
  /** Patterns that also match inside words, for languages without spaces between words or with compound words. */
  readonly anywhere: Readonly<Record<string, readonly string[]>>;
};

function compile({ wholeWords, anywhere }: Phrases): RegExp {
  const [whole, anyPlace] = [wholeWords, anywhere].map((byLanguage) => Object.values(byLanguage).flat().join('|'));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${whole})(?![\\p{L}\\p{N}])|${anyPlace}`, 'gu');
}

// Whole phrases, not single words: a smoke detector, a firewall and a fired employee are no danger.
const patterns = {
  danger: compile(urgencyPhrases.danger),
  outage: compile(urgencyPhrases.outage),
  deadline: compile(urgencyPhrases.deadline),
  claim: compile(urgencyPhrases.claim),
  noHurry: compile(urgencyPhrases.noHurry),
  condition: compile(urgencyPhrases.condition),
  phoneLine: compile(urgencyPhrases.phoneLine),
};
