import { type Saying, say, sayingOf } from '../base/say.ts';
import type { Classification } from '../classifiers/classifier.ts';
import { fieldFilterOf } from '../classifiers/imitations/set-aside-imitations.ts';
import { languageName } from '../sentences/language-name.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { readTicket } from '../ticket/read-ticket.ts';
import type { Ticket, Urgency } from '../ticket/ticket.ts';
import { chooseRule, type RuleTrial, tryRules } from './choose-rule.ts';
import type { Decision, Mode, Priority } from './decision.ts';
import { explainRoute, type RouteReason } from './explain-route.ts';
import { isLanguageWithin } from './match-rule.ts';
import { TRIAGE_RULE } from './own-rules.ts';
import { MAX_READ, type PlainUrgency } from './plain-urgency.ts';
import type { RoutingConfig, RoutingRule, Team } from './routing-config.ts';
import { createSearchableText } from './search-text.ts';

export type RouteRequest = {
  readonly ticket: Ticket;
  readonly classification: Classification;
  readonly config: RoutingConfig;
  readonly mode: Mode;
  readonly now: Date;
  /** Id of the decision. */
  readonly id: string;
  /** Id of the release that decides; null when it is not known. */
  readonly release?: string | null;
  /** Gives intents their names in `because`; without it, a readable form of their ids is used. */
  readonly taxonomy?: Taxonomy;
};

/** A decision, with the rules that the ticket was compared with. */
export type TriedRoute = { readonly decision: Decision; readonly trials: readonly RuleTrial[] };

type FoundFacts = Pick<RouteReason, 'facts' | 'urgencySignal' | 'automaticReason'>;

const priorityOfUrgency: Readonly<Record<Urgency, Priority>> = {
  low: 'low',
  normal: 'normal',
  high: 'high',
  critical: 'urgent',
};

/**
 * Decides team, assignee, priority, tags and targets of a classified ticket, with the reason. Pure: the same request
 * gives the same decision. The first matching rule wins; without one the ticket goes to the triage team. A ticket that
 * the classifier abstained on always goes there: only rules for the triage team count, to set priority, SLA and tags, and
 * of those that name an intent only the ones with a `minConfidence`, which the guess must reach. Automatic mail goes there
 * too, whatever a classifier said of it, unless a rule with `automatic: true` matches.
 */
export function decideRoute(request: RouteRequest): Decision {
  return decideBy(collectFacts(request), request);
}

/** Decides as `decideRoute` does, and compares the ticket with each rule up to the one that it meets. */
export function tryRoute(request: RouteRequest): TriedRoute {
  const { classification, config } = request;
  const found = collectFacts(request);
  const trials = tryRules({ facts: found.facts, abstained: classification.abstained, config });
  return { decision: decideBy(found, request), trials };
}

function decideBy(found: FoundFacts, request: RouteRequest): Decision {
  const { ticket, classification, config } = request;
  const { facts, urgencySignal, automaticReason } = found;
  const rule = chooseRule({ facts, abstained: classification.abstained, config });
  const teamId = rule?.then.team ?? config.triageTeam;
  const team = config.teams.find((candidate) => candidate.id === teamId);
  const assignment = chooseAssignee({ rule, team, language: facts.language });

  const because = explainRoute({
    facts,
    automaticReason,
    urgencySignal,
    rule,
    abstainReason: classification.abstained
      ? sayingOf(classification.abstainReason ?? '', classification.abstainFacts)
      : null,
    decidingWords: classification.decidingWords,
    nearestExample: classification.nearestExamples.find(({ intent }) => intent === classification.intent)?.id ?? null,
    personSaid:
      classification.stage === 'correction' ? sayingOf(classification.reasoning, classification.reasoningFacts) : null,
    peopleDisagree: classification.peopleDisagree === true,
    triageTeamName: config.teams.find((candidate) => candidate.id === config.triageTeam)?.name ?? 'the triage team',
    assigneeReason: assignment.reason,
    taxonomy: request.taxonomy,
  });
  return {
    id: request.id,
    team: teamId,
    assignee: assignment.assignee,
    priority: rule?.then.priority ?? priorityOfUrgency[facts.urgency],
    tags: [...new Set(rule?.then.tags ?? [])],
    sla: dueDates({ rule, config, start: startOf(ticket, request.now) }),
    urgency: facts.urgency,
    rule: rule?.name ?? TRIAGE_RULE,
    because: because.text,
    becauseFacts: because.facts,
    mode: request.mode,
    release: request.release ?? null,
  };
}

function collectFacts({ ticket, classification, config, taxonomy }: RouteRequest): FoundFacts {
  const { tier = null, organisation = null, email, attributes = {} } = ticket.requester ?? {};
  const { subject, own, automatic } = readTicket(ticket);
  const { urgency, signal } = urgencyOf({
    classification,
    config,
    isAutomatic: automatic !== null,
    // "urgent-security-issues" beside a question shows no hurry.
    text: withoutLabels(`${subject}\n\n${own.slice(0, MAX_READ)}`, taxonomy),
    tier,
  });
  return {
    facts: {
      intent: classification.intent,
      confidence: classification.confidence,
      urgency,
      language: ticket.language ?? classification.language,
      tier,
      channel: ticket.channel ?? null,
      domain: domainOf(email),
      organisation,
      tags: ticket.tags ?? [],
      attributes,
      group: ticket.source?.group ?? null,
      text: createSearchableText(`${subject}\n\n${own}`),
      automatic: automatic !== null,
    },
    urgencySignal: signal,
    automaticReason: automatic === null ? null : sayingOf(automatic.reason, automatic.reasonFacts),
  };
}

/** What follows the last `@`; null where there is none. */
function domainOf(email: string | undefined): string | null {
  const at = (email ?? '').lastIndexOf('@');
  const domain =
    at === -1
      ? ''
      : (email ?? '')
          .slice(at + 1)
          .trim()
          .toLowerCase();
  return domain === '' ? null : domain;
}

function withoutLabels(text: string, taxonomy: Taxonomy | undefined): string {
  return taxonomy === undefined ? text : fieldFilterOf(taxonomy)(text);
}

function urgencyOf(options: {
  classification: Classification;
  config: RoutingConfig;
  isAutomatic: boolean;
  /** The customer's own words alone: an older message or a footer ("in an emergency …") shows no hurry of today. */
  text: string;
  tier: string | null;
}): PlainUrgency {
  // Nobody waits for an answer to it, whatever urgent cases it names.
  if (options.isAutomatic) return { urgency: 'normal', signal: null };
  const { urgency } = options.classification;
  return urgency === null ? options.config.plainUrgency(options) : { urgency, signal: null };
}

/**
 * Chooses a person only when a rule names one, or when the languages of all members are known and exactly one of them
 * speaks the ticket's language. Anything else (load, shifts, skills) is left to the helpdesk.
 */
function chooseAssignee(options: { rule: RoutingRule | null; team: Team | undefined; language: string | null }): {
  assignee: string | null;
  reason: Saying | null;
} {
  const { rule, team, language } = options;
  if (rule?.then.assignee !== undefined) return { assignee: rule.then.assignee, reason: null };
  const members = team?.members ?? [];
  if (language === null || members.length < 2 || members.some((member) => member.languages.length === 0)) {
    return { assignee: null, reason: null };
  }
  // A member who lists `pt` reads `pt-BR`; one who lists `pt-BR` also reads plain `pt`.
  const speakers = members.filter((member) =>
    member.languages.some((spoken) => isLanguageWithin(spoken, language) || isLanguageWithin(language, spoken)),
  );
  const [speaker] = speakers;
  if (speaker === undefined || speakers.length > 1) return { assignee: null, reason: null };
  const name = speaker.name ?? speaker.id;
  const text = `${name} gets it as the only one in the team who speaks ${languageName(language, 'en')}`;
  return { assignee: speaker.id, reason: say('route.speaker', text, { name, language }) };
}

/** Targets start when the customer wrote, or now if that time is unknown or in the future. */
function startOf(ticket: Ticket, now: Date): Date {
  const created = ticket.createdAt === undefined ? now : new Date(ticket.createdAt);
  return created.getTime() <= now.getTime() ? created : now;
}

function dueDates(options: { rule: RoutingRule | null; config: RoutingConfig; start: Date }): Decision['sla'] {
  const { rule, config, start } = options;
  const name = rule?.then.sla ?? null;
  const sla = name !== null && Object.hasOwn(config.slas, name) ? config.slas[name] : undefined;
  const calendar = sla?.calendar === undefined ? undefined : config.calendars.get(sla.calendar);
  const due = (ms: number | undefined) => {
    if (ms === undefined) return null;
    const at = calendar === undefined ? new Date(start.getTime() + ms) : calendar.addOpenTime(start, ms);
    return at?.toISOString() ?? null;
  };
  return { name, firstResponseDueAt: due(sla?.firstResponse), resolutionDueAt: due(sla?.resolution) };
}
