import { formatPercent } from '../classifiers/format-percent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { languageName } from '../ticket/language-name.ts';
import { checkCondition, type FieldCheck, type RouteFacts } from './match-rule.ts';
import type { RoutingRule } from './routing-config.ts';

export type RouteReason = {
  readonly facts: RouteFacts;
  /** The signal of the urgency when it is not the engine's, for example `the text says "by tomorrow"`. */
  readonly urgencySignal: string | null;
  /** The rule that matched; null when none did. */
  readonly rule: RoutingRule | null;
  /** Why the ticket is taken for automatic mail; null when it is not. */
  readonly automaticReason: string | null;
  /** Why the classifier abstained; null when it did not. */
  readonly abstainReason: string | null;
  /** Words of the ticket that spoke for the intent, the weightiest first. */
  readonly decidingWords: readonly string[];
  /** Id of the example of the intent that is most like the ticket; null where none is known. */
  readonly nearestExample: string | null;
  /** What a person has said of the same words, in a sentence; null where no person decided. */
  readonly personSaid: string | null;
  /** People have given the same words different intents. */
  readonly peopleDisagree: boolean;
  readonly triageTeamName: string;
  /** Why a member was chosen for the ticket's language; null when none was. */
  readonly assigneeReason: string | null;
  /** Gives intents their names. */
  readonly taxonomy?: Taxonomy | undefined;
};

/** A guess below this is right less often than one in ten. */
export const HARDLY_SURE = 0.1;

/** As many as a reader takes in at a glance. */
const MAX_WORDS = 3;

/** Explains a decision in one plain sentence: the rule and the facts that led to it. */
export function explainRoute(reason: RouteReason): string {
  const { rule } = reason;
  const disputed = reason.peopleDisagree ? '; people have given this text different intents' : '';
  const ending = `${disputed}${reason.assigneeReason === null ? '' : `; ${reason.assigneeReason}`}`;
  if (reason.automaticReason !== null) return `${explainAutomatic(reason)}${ending}.`;
  if (reason.abstainReason !== null) return `${explainAbstention(reason)}${ending}.`;
  if (rule === null) {
    const facts = joinFacts(describeFacts(reason, ['language', 'tier', 'urgency']));
    return `No rule matched, so ${reason.triageTeamName} takes it: ${facts}${ending}.`;
  }
  // Without a priority of the rule, the words that showed the urgency made the priority.
  const setsPriority = reason.urgencySignal !== null && rule.then.priority === undefined;
  const used = (['tier', 'urgency', 'language', 'channel'] as const).filter(
    (field) => rule.when[field] !== undefined || (field === 'urgency' && setsPriority),
  );
  const facts = joinFacts([...describeFacts(reason, used), ...describeChecks(checkCondition(rule.when, reason.facts))]);
  const verb = Object.keys(rule.when).length === 0 ? 'takes every ticket that no rule above it took' : 'matched';
  return `Rule "${rule.name}" ${verb}: ${facts}${ending}.`;
}

/** What an engine made of it does not count, so nothing is said of a guess. */
function explainAutomatic({ rule, automaticReason, triageTeamName }: RouteReason): string {
  const cause = `it is automatic mail (${(automaticReason ?? '').replace(/\.$/, '')})`;
  return rule === null
    ? `No rule matched, so ${triageTeamName} takes it: ${cause}`
    : `Rule "${rule.name}" matched: ${cause}`;
}

/** First what helps the person who looks: the guess, what speaks for it and how urgent it is. Then why no engine decided. */
function explainAbstention(reason: RouteReason): string {
  const { facts, rule } = reason;
  const isPlain = facts.urgency === 'normal' && reason.urgencySignal === null;
  const urgency = isPlain ? '' : `, and ${urgencyFact(reason)}`;
  const bound = rule?.when.intent === undefined ? undefined : rule.when.minConfidence;
  const least = bound === undefined ? '' : `, which takes guesses from ${formatPercent(bound)} on`;
  const chosen = rule === null ? '' : `, by rule "${rule.name}"${least}`;
  if (reason.personSaid !== null) {
    return `${withoutStop(reason.personSaid)}${urgency}; ${reason.triageTeamName} looks at it${chosen}`;
  }
  const why = withoutStop(reason.abstainReason ?? '');
  const cause = `no engine was sure enough of an intent${why === '' ? '' : ` (${why})`}`;
  return `${describeGuess(reason)}${urgency}; ${reason.triageTeamName} looks at it first because ${cause}${chosen}`;
}

const withoutStop = (sentence: string) => sentence.trim().replace(/[.!]+$/, '');

function describeGuess(reason: RouteReason): string {
  const { facts, taxonomy } = reason;
  if (facts.intent === null) return 'There is no guess';
  const lead = facts.confidence < HARDLY_SURE ? 'There is hardly a guess, at most' : 'Looks like';
  const guess = `${lead} ${intentName(facts.intent, taxonomy)} (${formatPercent(facts.confidence)} sure)`;
  const words = wordsThatSpeak(reason);
  return words === null ? guess : `${guess}: ${words}`;
}

/** As much of what decided as a sentence can hold: the words, or the example that is most like the ticket. */
function wordsThatSpeak({ decidingWords }: RouteReason): string | null {
  const words = decidingWords.slice(0, MAX_WORDS).map((phrase) => `“${phrase.replace(/\s+/g, ' ')}”`);
  return words.length === 0 ? null : `${joinFacts(words)} ${words.length === 1 ? 'speaks' : 'speak'} for it`;
}

type FactName = 'tier' | 'urgency' | 'language' | 'channel';

function describeFacts(reason: RouteReason, names: readonly FactName[]): string[] {
  const { facts } = reason;
  const texts: Readonly<Record<FactName, string | null>> = {
    tier: facts.tier === null ? null : `the customer is on ${facts.tier}`,
    urgency: urgencyFact(reason),
    language: facts.language === null ? null : `the language is ${languageName(facts.language)}`,
    channel: facts.channel === null ? null : `it came by ${facts.channel}`,
  };
  return [intentFact(reason), ...names.map((name) => texts[name])].filter((text) => text !== null);
}

/** Facts that are named only where a rule asks for them. */
function describeChecks(checks: readonly FieldCheck[]): string[] {
  return checks.flatMap(({ field, found }) => {
    if (found === null) return [];
    if (field.startsWith('attributes.')) return [`${field.slice('attributes.'.length)} is ${found}`];
    const sentence = checkSentences[field];
    return sentence === undefined ? [] : [sentence(found)];
  });
}

const MAX_FOUND = 80;
const checkSentences: Readonly<Record<string, (found: string) => string>> = {
  domain: (found) => `the address is at ${found}`,
  organisation: (found) => `the organisation is ${found}`,
  group: (found) => `it was in ${found}`,
  tags: (found) => `it has the tag ${found}`,
  text: (found) => `the text says “${found.replace(/\s+/g, ' ').slice(0, MAX_FOUND)}”`,
};

function intentFact(reason: RouteReason): string {
  const { facts, rule, taxonomy, nearestExample, personSaid } = reason;
  if (facts.intent === null) return 'no engine named an intent';
  const is = `the intent is ${intentName(facts.intent, taxonomy)}`;
  if (personSaid !== null) return `${is} (${withoutStop(personSaid).replace(/^A /, 'a ')})`;
  const sure = `${formatPercent(facts.confidence)} sure`;
  const least =
    rule?.when.minConfidence === undefined ? '' : `, at least ${formatPercent(rule.when.minConfidence)} required`;
  const most =
    rule?.when.maxConfidence === undefined ? '' : `, at most ${formatPercent(rule.when.maxConfidence)} allowed`;
  const example = nearestExample === null ? null : `the nearest example is ${nearestExample}`;
  const why = wordsThatSpeak(reason) ?? example;
  return `${is} (${sure}${least}${most}${why === null ? '' : `; ${why}`})`;
}

function urgencyFact({ facts, urgencySignal }: RouteReason): string {
  return `the urgency is ${facts.urgency}${urgencySignal === null ? '' : ` (${urgencySignal})`}`;
}

function joinFacts(facts: readonly string[]): string {
  const last = facts.at(-1) ?? '';
  return facts.length < 2 ? last : `${facts.slice(0, -1).join(', ')} and ${last}`;
}

/** The name of the node, or a readable form of its id when there is no taxonomy. */
function intentName(intent: string, taxonomy: Taxonomy | undefined): string {
  const name = taxonomy?.nodes.get(intent)?.name;
  if (name !== undefined) return name;
  const words = (intent.split('/').at(-1) ?? intent).replace(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
