import { isWithin } from '../taxonomy/taxonomy.ts';
import type { Urgency } from '../ticket/ticket.ts';
import type { Condition } from './routing-config.ts';

/** The facts about a ticket that rules can test. */
export type RouteFacts = {
  readonly intent: string | null;
  readonly confidence: number;
  readonly urgency: Urgency;
  readonly language: string | null;
  readonly tier: string | null;
  readonly channel: string | null;
  /** Whether a machine wrote the ticket. */
  readonly automatic: boolean;
};

/** Fields are ANDed, lists ORed. A condition on an unknown fact does not match. */
export function matchesCondition(condition: Condition, facts: RouteFacts): boolean {
  return (
    matchesAny(condition.intent, facts.intent, (wanted, intent) => isWithin(intent, wanted)) &&
    matchesAny(condition.urgency, facts.urgency, (wanted, urgency) => wanted === urgency) &&
    matchesAny(condition.language, facts.language, isLanguageWithin) &&
    matchesAny(condition.tier, facts.tier, isSameWord) &&
    matchesAny(condition.channel, facts.channel, isSameWord) &&
    (condition.automatic === undefined || condition.automatic === facts.automatic) &&
    facts.confidence >= (condition.minConfidence ?? 0) &&
    facts.confidence <= (condition.maxConfidence ?? 1)
  );
}

/**
 * Whether a condition takes a guess of any confidence. Where the engine abstained, such a rule does not count: a guess
 * that was not good enough decides nothing, unless it reaches a bound that the rule sets.
 */
export function takesAnyGuess({ intent, minConfidence = 0 }: Condition): boolean {
  return intent !== undefined && minConfidence === 0;
}

function matchesAny<Fact extends string>(
  wanted: readonly Fact[] | undefined,
  fact: Fact | null,
  matches: (wanted: Fact, fact: Fact) => boolean,
): boolean {
  return wanted === undefined || (fact !== null && wanted.some((item) => matches(item, fact)));
}

function isSameWord(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** `pt` includes `pt-BR`, but not the other way round; some helpdesks write `pt_br`. */
export function isLanguageWithin(wanted: string, language: string): boolean {
  const [outer, inner] = [wanted, language].map((tag) => tag.trim().toLowerCase().replaceAll('_', '-'));
  return outer !== undefined && inner !== undefined && (inner === outer || inner.startsWith(`${outer}-`));
}
