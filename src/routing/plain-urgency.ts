import type { Urgency } from '../ticket/ticket.ts';
import urgencyPhrases from './urgency-phrases.json' with { type: 'json' };

export type PlainUrgency = {
  readonly urgency: Urgency;
  /** Why, to follow "the urgency is high": for example `the text says "by tomorrow"`; null when nothing was found. */
  readonly signal: string | null;
};

/** Where a pressing matter is not within the first few pages, it is not told from plain words. */
const MAX_READ = 6_000;

/**
 * Urgency from plain words, until an engine that reads gives it: danger is critical; an outage, a deadline or the word
 * "urgent" is high; "no hurry" is low. An outage of a customer on a top tier is critical. Capitals, exclamation marks and
 * anger count for nothing: how loud someone is says nothing of how long they can wait.
 */
export function plainUrgency({ text, tier }: { text: string; tier: string | null }): PlainUrgency {
  const read = text.slice(0, MAX_READ).normalize('NFKC').toLowerCase().replace(/[’‘]/g, "'").replace(/\s+/g, ' ');
  const say = (phrase: string) => `the text says "${phrase}"`;

  const danger = find(patterns.danger, read);
  if (danger !== null) return { urgency: 'critical', signal: say(danger) };

  // "Not urgent" holds the word "urgent": what is said to have time is taken out before the others are looked for.
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

function find(pattern: RegExp, text: string): string | null {
  pattern.lastIndex = 0;
  return pattern.exec(text)?.[0] ?? null;
}

const topTier = /^\s*(?:enterprise|vip|platinum|strategic|key[ -]?account)\s*$/i;

type Phrases = {
  /** By language: patterns that match whole words. */
  readonly wholeWords: Readonly<Record<string, readonly string[]>>;
  /** For languages that put no spaces between words, or join them: patterns that match wherever they stand. */
  readonly anywhere: Readonly<Record<string, readonly string[]>>;
};

function compile({ wholeWords, anywhere }: Phrases): RegExp {
  const [whole, anyPlace] = [wholeWords, anywhere].map((byLanguage) => Object.values(byLanguage).flat().join('|'));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${whole})(?![\\p{L}\\p{N}])|${anyPlace}`, 'gu');
}

// Whole phrases, not single words: a smoke detector does not burn, a firewall is no fire, a fired employee neither.
const patterns = {
  danger: compile(urgencyPhrases.danger),
  outage: compile(urgencyPhrases.outage),
  deadline: compile(urgencyPhrases.deadline),
  claim: compile(urgencyPhrases.claim),
  noHurry: compile(urgencyPhrases.noHurry),
};
