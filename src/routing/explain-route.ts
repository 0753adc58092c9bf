import { type Saying, say, sayAll, withText } from '../base/say.ts';
import { formatPercent, shownShare } from '../classifiers/format-percent.ts';
import { languageName } from '../sentences/language-name.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { checkCondition, type FieldCheck, type RouteFacts } from './match-rule.ts';
import type { RoutingRule } from './routing-config.ts';

export type RouteReason = {
  readonly facts: RouteFacts;
  /** The signal of the urgency when it is not the engine's, for example `the text says "by tomorrow"`. */
  readonly urgencySignal: Saying | null;
  /** The rule that matched; null when none did. */
  readonly rule: RoutingRule | null;
  /** Why the ticket is taken for automatic mail; null when it is not. */
  readonly automaticReason: Saying | null;
  /** Why the classifier abstained; null when it did not. */
  readonly abstainReason: Saying | null;
  /** Words of the ticket that spoke for the intent, the weightiest first. */
  readonly decidingWords: readonly string[];
  /** Id of the example of the intent that is most like the ticket; null where none is known. */
  readonly nearestExample: string | null;
  /** What a person has said of the same words, in a sentence; null where no person decided. */
  readonly personSaid: Saying | null;
  /** People have given the same words different intents. */
  readonly peopleDisagree: boolean;
  readonly triageTeamName: string;
  /** Why a member was chosen for the ticket's language; null when none was. */
  readonly assigneeReason: Saying | null;
  /** Gives intents their names. */
  readonly taxonomy?: Taxonomy | undefined;
};

/** A guess below this is right less often than one in ten. */
export const HARDLY_SURE = 0.1;

/** As many as a reader takes in at a glance. */
const MAX_WORDS = 3;

/** Explains a decision in one plain sentence: the rule and the facts that led to it. As facts, it is several sentences. */
export function explainRoute(reason: RouteReason): Saying {
  const { assigneeReason, peopleDisagree } = reason;
  const main = explainChoice(reason);
  const endings = [
    ...(peopleDisagree ? [say('route.disputed', 'people have given this text different intents')] : []),
    ...(assigneeReason === null ? [] : [assigneeReason]),
  ];
  const all = [main, ...endings];
  return withText(sayAll(all), `${all.map(({ text }) => text).join('; ')}.`);
}

function explainChoice(reason: RouteReason): Saying {
  const { rule, facts, triageTeamName: team } = reason;
  if (reason.automaticReason !== null) return explainAutomatic(reason, reason.automaticReason);
  if (reason.abstainReason !== null) return explainAbstention(reason, reason.abstainReason);
  if (rule === null) {
    const said = describeFacts(reason, ['language', 'tier', 'urgency']);
    const text = `No rule matched, so ${team} takes it: ${joinFacts(said)}`;
    return say('route.no-rule', text, { team, facts: said });
  }
  // Without a priority of the rule, the words that showed the urgency made the priority.
  const setsPriority = reason.urgencySignal !== null && rule.then.priority === undefined;
  const used = (['tier', 'urgency', 'language', 'channel'] as const).filter(
    (field) => rule.when[field] !== undefined || (field === 'urgency' && setsPriority),
  );
  const said = [...describeFacts(reason, used), ...describeChecks(checkCondition(rule.when, facts))];
  const values = { rule: rule.name, facts: said };
  return Object.keys(rule.when).length === 0
    ? say(
        'route.rule-for-all',
        `${quote(rule)} takes every ticket that no rule above it took: ${joinFacts(said)}`,
        values,
      )
    : say('route.rule', `${quote(rule)} matched: ${joinFacts(said)}`, values);
}

const quote = ({ name }: RoutingRule) => `Rule "${name}"`;

/** What an engine made of it does not count, so nothing is said of a guess. */
function explainAutomatic({ rule, triageTeamName: team }: RouteReason, why: Saying): Saying {
  const cause = `it is automatic mail (${withoutStop(why.text)})`;
  const said =
    rule === null
      ? say('route.automatic', `No rule matched, so ${team} takes it: ${cause}`, { team })
      : say('route.automatic-rule', `${quote(rule)} matched: ${cause}`, { rule: rule.name });
  return withText(sayAll([said, why]), said.text);
}

/** First what helps the person who looks: the guess, what speaks for it and how urgent it is. Then why no engine decided. */
function explainAbstention(reason: RouteReason, why: Saying): Saying {
  const { facts, rule, personSaid, triageTeamName: team } = reason;
  const isPlain = facts.urgency === 'normal' && reason.urgencySignal === null;
  const urgency = urgencyFact(reason);
  const bound = rule?.when.intent === undefined ? undefined : rule.when.minConfidence;
  const chosen = rule === null ? [] : [chosenBy(rule, bound)];
  const looks = personSaid === null ? looksFirst(team, why) : say('route.person-said', `${team} looks at it`, { team });
  const guess = personSaid ?? describeGuess(reason);
  const parts = [guess, ...(isPlain ? [] : [say('route.urgency', urgency.text, { urgency })]), looks];
  const lead = `${withoutStop(guess.text)}${isPlain ? '' : `, and ${urgency.text}`}`;
  const end = chosen.map(({ text }) => `, ${text}`).join('');
  return withText(sayAll([...parts, ...chosen]), `${lead}; ${looks.text}${end}`);
}

function looksFirst(team: string, why: Saying): Saying {
  const cause = withoutStop(why.text);
  const text = `${team} looks at it first because no engine was sure enough of an intent${cause === '' ? '' : ` (${cause})`}`;
  return withText(sayAll([say('route.triage', text, { team }), why]), text);
}

function chosenBy({ name: rule }: RoutingRule, bound: number | undefined): Saying {
  const text = `by rule "${rule}"`;
  if (bound === undefined) return say('route.by-rule', text, { rule });
  const values = { rule, least: shownShare(bound) };
  return say('route.by-rule-from', `${text}, which takes guesses from ${formatPercent(bound)} on`, values);
}

const withoutStop = (sentence: string) => sentence.trim().replace(/[.!]+$/, '');

function describeGuess(reason: RouteReason): Saying {
  const { facts, taxonomy } = reason;
  if (facts.intent === null) return say('route.no-guess', 'There is no guess');
  const values = { intent: intentName(facts.intent, taxonomy), confidence: shownShare(facts.confidence) };
  const it = `${values.intent} (${formatPercent(facts.confidence)} sure)`;
  const guess =
    facts.confidence < HARDLY_SURE
      ? say('route.hardly-a-guess', `There is hardly a guess, at most ${it}`, values)
      : say('route.guess', `Looks like ${it}`, values);
  const words = shownWords(reason);
  if (words.length === 0) return guess;
  const saying = say('route.words', speakFor(words), { count: words.length, words });
  return withText(sayAll([guess, saying]), `${guess.text}: ${saying.text}`);
}

/** As much of what decided as a sentence can hold. */
const shownWords = ({ decidingWords }: RouteReason): string[] =>
  decidingWords.slice(0, MAX_WORDS).map((phrase) => phrase.replace(/\s+/g, ' '));

function speakFor(words: readonly string[]): string {
  const quoted = joinTexts(words.map((phrase) => `“${phrase}”`));
  return `${quoted} ${words.length === 1 ? 'speaks' : 'speak'} for it`;
}

type FactName = 'tier' | 'urgency' | 'language' | 'channel';

function describeFacts(reason: RouteReason, names: readonly FactName[]): Saying[] {
  const { tier, language, channel } = reason.facts;
  const sayings: Readonly<Record<FactName, Saying | null>> = {
    tier: tier === null ? null : say('fact.tier', `the customer is on ${tier}`, { tier }),
    urgency: urgencyFact(reason),
    language:
      language === null ? null : say('fact.language', `the language is ${languageName(language, 'en')}`, { language }),
    channel: channel === null ? null : say('fact.channel', `it came by ${channel}`, { channel }),
  };
  return [intentFact(reason), ...names.map((name) => sayings[name])].filter((saying) => saying !== null);
}

/** Facts that are named only where a rule asks for them. */
function describeChecks(checks: readonly FieldCheck[]): Saying[] {
  return checks.flatMap(({ field, found }) => {
    if (found === null) return [];
    if (field.startsWith('attributes.')) {
      const name = field.slice('attributes.'.length);
      return [say('fact.attribute', `${name} is ${found}`, { name, value: found })];
    }
    const saying = checkSayings[field];
    return saying === undefined ? [] : [saying(found)];
  });
}

const MAX_FOUND = 80;
const checkSayings: Readonly<Record<string, (found: string) => Saying>> = {
  domain: (domain) => say('fact.domain', `the address is at ${domain}`, { domain }),
  organisation: (organisation) => say('fact.organisation', `the organisation is ${organisation}`, { organisation }),
  group: (group) => say('fact.group', `it was in ${group}`, { group }),
  tags: (tag) => say('fact.tag', `it has the tag ${tag}`, { tag }),
  text: (found) => {
    const words = found.replace(/\s+/g, ' ').slice(0, MAX_FOUND);
    return say('fact.text', `the text says “${words}”`, { words });
  },
};

function intentFact(reason: RouteReason): Saying {
  const { facts, rule, taxonomy, nearestExample: example, personSaid } = reason;
  if (facts.intent === null) return say('fact.no-intent', 'no engine named an intent');
  const intent = intentName(facts.intent, taxonomy);
  const is = `the intent is ${intent}`;
  if (personSaid !== null) {
    const said = withoutStop(personSaid.text).replace(/^A /, 'a ');
    return say('fact.intent-said', `${is} (${said})`, { intent });
  }
  const { minConfidence: least, maxConfidence: most } = rule?.when ?? {};
  const words = shownWords(reason);
  const bounds = [
    say('fact.sure', `${formatPercent(facts.confidence)} sure`, { confidence: shownShare(facts.confidence) }),
    ...(least === undefined
      ? []
      : [say('fact.at-least', `at least ${formatPercent(least)} required`, { least: shownShare(least) })]),
    ...(most === undefined
      ? []
      : [say('fact.at-most', `at most ${formatPercent(most)} allowed`, { most: shownShare(most) })]),
  ];
  const why =
    words.length > 0
      ? [say('fact.words', speakFor(words), { count: words.length, words })]
      : example !== null
        ? [say('fact.nearest', `the nearest example is ${example}`, { example })]
        : [];
  const text = `${is} (${[textOf(bounds, ', '), ...why.map((one) => one.text)].join('; ')})`;
  return say('fact.intent', text, { intent, details: [...bounds, ...why] });
}

const textOf = (sayings: readonly Saying[], between: string) => sayings.map(({ text }) => text).join(between);

function urgencyFact({ facts: { urgency }, urgencySignal: signal }: RouteReason): Saying {
  const text = `the urgency is ${urgency}`;
  return signal === null
    ? say('fact.urgency', text, { urgency })
    : say('fact.urgency-shown', `${text} (${signal.text})`, { urgency, signal });
}

const joinFacts = (facts: readonly Saying[]) => joinTexts(facts.map(({ text }) => text));

function joinTexts(texts: readonly string[]): string {
  const last = texts.at(-1) ?? '';
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} and ${last}`;
}

/** The name of the node, or a readable form of its id when there is no taxonomy. */
function intentName(intent: string, taxonomy: Taxonomy | undefined): string {
  const name = taxonomy?.nodes.get(intent)?.name;
  if (name !== undefined) return name;
  const words = (intent.split('/').at(-1) ?? intent).replace(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
