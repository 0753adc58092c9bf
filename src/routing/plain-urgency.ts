import { setImmediate } from 'node:timers/promises';
import { type Saying, say } from '../base/say.ts';
import type { Urgency } from '../ticket/ticket.ts';
import { compilePhrases } from './compile-phrases.ts';
import { foldText } from './fold-text.ts';
import type { UrgencyPhrases } from './urgency-phrases.ts';

export type PlainUrgency = {
  readonly urgency: Urgency;
  /** The reason, to follow "the urgency is high", for example `the text says "by tomorrow"`; null when there is none. */
  readonly signal: Saying | null;
};

export type PlainUrgencyReader = (ticket: { text: string; tier: string | null }) => PlainUrgency;

/** How many characters are searched: urgent tickets say so within the first few pages. */
export const MAX_READ = 6_000;

/**
 * Ends the last sentence, with a character that is not Latin: for texts of Latin letters alone V8 would make other machine
 * code of the patterns.
 */
const END = '。';

const topTier = /^\s*(?:enterprise|vip|platinum|strategic|key[ -]?account)\s*$/i;

/**
 * Returns the function that finds the urgency by plain words, for engines that give none: danger is critical; an outage, a
 * deadline or the word "urgent" is high; "no hurry" is low. An outage of a customer on a top tier is critical. Capitals,
 * exclamation marks and anger are ignored: they do not show how long the customer can wait. So are conditions ("in case of
 * emergency call …", to the end of their sentence) and names ("24 h emergency hotline"): nothing has happened yet.
 *
 * `phrases` are a company's own, which count like the built-in ones of the same kind.
 */
export function createPlainUrgency(phrases: UrgencyPhrases): PlainUrgencyReader {
  const patterns = compilePhrases(phrases);
  return ({ text, tier }) => {
    const { shown, folded } = foldText(`${text.slice(0, MAX_READ)}${END}`);
    const read = blank(blankConditions(folded, patterns.condition), patterns.name);
    const find = (pattern: RegExp, within: string): string | null => {
      pattern.lastIndex = 0;
      const match = pattern.exec(within);
      return match === null ? null : shown.slice(match.index, match.index + match[0].length);
    };
    const shows = (words: string) => say('signal.words', `the text says "${words}"`, { words });

    const danger = find(patterns.danger, read);
    if (danger !== null) return { urgency: 'critical', signal: shows(danger) };

    // "Not urgent" contains the word "urgent", so phrases without hurry are removed before the others are searched.
    const hasTime = find(patterns.noHurry, read);
    const rest = hasTime === null ? read : blank(read, patterns.noHurry);
    const outage = find(patterns.outage, rest);
    if (outage !== null && tier !== null && topTier.test(tier)) {
      const text = `${shows(outage).text} and the customer is on ${tier}`;
      return { urgency: 'critical', signal: say('signal.words-of-tier', text, { words: outage, tier }) };
    }
    const pressing = outage ?? find(patterns.deadline, rest) ?? find(patterns.urgent, rest);
    if (pressing !== null) return { urgency: 'high', signal: shows(pressing) };
    return hasTime === null ? { urgency: 'normal', signal: null } : { urgency: 'low', signal: shows(hasTime) };
  };
}

/**
 * Uses a reader on a text without words. Its patterns are translated to machine code when they are used for the first and
 * second time, which takes 0.2 s and 0.1 s: a server does that before the first ticket is decided. Other work gets a turn
 * before each.
 */
export async function warmUp(reader: PlainUrgencyReader): Promise<void> {
  for (let times = 0; times < 2; times++) {
    await setImmediate();
    reader({ text: '', tier: null });
  }
}

// What is taken out leaves as many line breaks, which no phrase crosses: places in the text stay the same.
const gap = (length: number) => '\n'.repeat(length);

function blank(text: string, pattern: RegExp): string {
  return text.replace(pattern, (match) => gap(match.length));
}

const sentenceEnd = /[!?;。！？\n]|\.(?= |\n|$)/g;

/** Takes out conditions, each to the end of its sentence. */
function blankConditions(text: string, condition: RegExp): string {
  let kept = '';
  let from = 0;
  for (const { index } of text.matchAll(condition)) {
    if (index < from) continue;
    sentenceEnd.lastIndex = index;
    const end = sentenceEnd.exec(text)?.index ?? text.length;
    kept += text.slice(from, index) + gap(end - index);
    from = end;
  }
  return kept + text.slice(from);
}
