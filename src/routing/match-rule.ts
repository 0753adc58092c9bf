import { isSameName } from '../base/same-name.ts';
import { isWithin } from '../taxonomy/taxonomy.ts';
import type { Urgency } from '../ticket/ticket.ts';
import type { AttributeValue, Condition } from './routing-config.ts';
import type { SearchableText } from './search-text.ts';

/** The facts about a ticket that rules can test. */
export type RouteFacts = {
  readonly intent: string | null;
  readonly confidence: number;
  readonly urgency: Urgency;
  readonly language: string | null;
  readonly tier: string | null;
  readonly channel: string | null;
  /** Of the requester's address, in small letters. */
  readonly domain: string | null;
  readonly organisation: string | null;
  readonly tags: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** The group, queue or mailbox that the ticket is in at its helpdesk. */
  readonly group: string | null;
  /** Subject and own words of the customer. */
  readonly text: SearchableText;
  /** Whether a machine wrote the ticket. */
  readonly automatic: boolean;
};

/** The facts about an English ticket of which nothing else is known. */
export const ordinaryFacts: Omit<RouteFacts, 'intent'> = {
  confidence: 1,
  urgency: 'normal',
  language: 'en',
  tier: null,
  channel: null,
  domain: null,
  organisation: null,
  tags: [],
  attributes: {},
  group: null,
  text: { find: () => null },
  automatic: false,
};

/** One field of a rule's condition, compared with a ticket. */
export type FieldCheck = {
  /** As in the configuration: `intent`, `attributes.plan`. */
  readonly field: string;
  readonly wanted: readonly string[];
  /** What the ticket has; null for nothing. Of `text`, what was found in it. */
  readonly found: string | null;
  readonly matches: boolean;
};

/**
 * Compares each field of a condition with the facts, in the order of the fields. Fields are ANDed, lists ORed. A field whose
 * fact is unknown does not match.
 */
export function checkCondition(condition: Condition, facts: RouteFacts): FieldCheck[] {
  return [...checksOf(condition, facts)];
}

/** True when every field of the condition matches. */
export function matchesCondition(condition: Condition, facts: RouteFacts): boolean {
  for (const { matches } of checksOf(condition, facts)) if (!matches) return false;
  return true;
}

function* checksOf(condition: Condition, facts: RouteFacts): Generator<FieldCheck> {
  const { intent, urgency, language, tier, channel, domain, organisation, tags, attributes, group, text } = condition;
  if (intent !== undefined) yield check('intent', intent, facts.intent, (wanted, found) => isWithin(found, wanted));
  if (urgency !== undefined) yield check('urgency', urgency, facts.urgency, (wanted, found) => wanted === found);
  if (language !== undefined) yield check('language', language, facts.language, isLanguageWithin);
  if (tier !== undefined) yield check('tier', tier, facts.tier, isSameName);
  if (channel !== undefined) yield check('channel', channel, facts.channel, isSameName);
  if (domain !== undefined) yield check('domain', domain, facts.domain, isDomainWithin);
  if (organisation !== undefined) yield check('organisation', organisation, facts.organisation, isSameName);
  if (group !== undefined) yield check('group', group, facts.group, isSameName);
  if (tags !== undefined) {
    const shared = facts.tags.find((tag) => tags.some((wanted) => isSameName(wanted, tag)));
    const found = shared ?? (facts.tags.length === 0 ? null : facts.tags.join(', '));
    yield { field: 'tags', wanted: tags, found, matches: shared !== undefined };
  }
  for (const [name, wanted] of Object.entries(attributes ?? {})) {
    const value = Object.hasOwn(facts.attributes, name) ? facts.attributes[name] : undefined;
    yield check(`attributes.${name}`, wanted.map(String), value === undefined ? null : String(value), isSameName);
  }
  if (condition.automatic !== undefined) {
    yield check('automatic', [String(condition.automatic)], String(facts.automatic), isSameName);
  }
  const { minConfidence, maxConfidence } = condition;
  const { confidence } = facts;
  if (minConfidence !== undefined) yield bound('minConfidence', minConfidence, confidence, confidence >= minConfidence);
  if (maxConfidence !== undefined) yield bound('maxConfidence', maxConfidence, confidence, confidence <= maxConfidence);
  // Last, because it takes the longest.
  if (text !== undefined) {
    const wanted = text.map((item) => (typeof item === 'string' ? item : item.pattern));
    let found: string | null = null;
    for (const item of text) {
      found = facts.text.find(item);
      if (found !== null) break;
    }
    yield { field: 'text', wanted, found, matches: found !== null };
  }
}

function check(
  field: string,
  wanted: readonly string[],
  found: string | null,
  isMatch: (wanted: string, found: string) => boolean,
): FieldCheck {
  return { field, wanted, found, matches: found !== null && wanted.some((item) => isMatch(item, found)) };
}

const bound = (field: string, wanted: number, found: number, matches: boolean): FieldCheck => ({
  field,
  wanted: [String(wanted)],
  found: String(found),
  matches,
});

/**
 * Whether a condition takes a guess of any confidence. Where the engine abstained, such a rule does not count: a guess
 * that was not good enough decides nothing, unless it reaches a bound that the rule sets.
 */
export function takesAnyGuess({ intent, minConfidence = 0 }: Condition): boolean {
  return intent !== undefined && minConfidence === 0;
}

/** `acme.example` includes `eu.acme.example`; a leading `@` is left out. */
function isDomainWithin(wanted: string, domain: string): boolean {
  const outer = wanted.trim().toLowerCase().replace(/^@/, '');
  return domain === outer || domain.endsWith(`.${outer}`);
}

/** `pt` includes `pt-BR`, but not the other way round; some helpdesks write `pt_br`. */
export function isLanguageWithin(wanted: string, language: string): boolean {
  const [outer, inner] = [wanted, language].map((tag) => tag.trim().toLowerCase().replaceAll('_', '-'));
  return outer !== undefined && inner !== undefined && (inner === outer || inner.startsWith(`${outer}-`));
}
