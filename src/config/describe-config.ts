import { list } from '../base/plural.ts';
import { formatPercent } from '../classifiers/format-percent.ts';
import { describeLopsidedMix } from '../classifiers/local/example-mix.ts';
import { findEntryDoubts } from '../connectors/create-connectors.ts';
import { secretVariable } from '../connectors/definition.ts';
import type { Problem } from '../errors.ts';
import { HARDLY_SURE } from '../routing/explain-route.ts';
import { matchesCondition, ordinaryFacts, takesAnyGuess } from '../routing/match-rule.ts';
import type { RoutingRule } from '../routing/routing-config.ts';
import { isWithin, type Taxonomy } from '../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import type { LoadedConfig } from './config-schema.ts';
import { warnOfDelivery } from './describe-delivery.ts';
import type { Workspace } from './load-workspace.ts';
import { placeOf } from './place-of.ts';
import { resolveIntents } from './resolve-intents.ts';
import { warnOfAuth } from './warn-of-auth.ts';
import { warnOfCalendars } from './warn-of-calendars.ts';
import { warnOfDanger } from './warn-of-danger.ts';
import { warnOfLanguages } from './warn-of-languages.ts';
import { findMissingOwners } from './warn-of-owners.ts';
import { warnOfTiers } from './warn-of-tiers.ts';

/** With fewer examples, retrieval and the embedded engine know too little about an intent. */
const MIN_EXAMPLES_PER_LEAF = 3;

/** Facts about a valid configuration, and warnings about what is allowed but probably a mistake. */
export type ConfigDescription = {
  readonly file: string | null;
  readonly isSample: boolean;
  readonly classifier: string;
  readonly taxonomy: {
    readonly file: string;
    readonly name: string;
    readonly version: string;
    readonly leaves: number;
  };
  readonly examples: { readonly files: readonly string[]; readonly count: number; readonly outOfScope: number };
  /** The company's own phrases of urgency; `file` is null where the configuration itself has them. */
  readonly urgencyPhrases: { readonly file: string | null; readonly count: number };
  readonly teams: number;
  readonly rules: number;
  readonly connectors: readonly { readonly name: string; readonly type: string; readonly mode: string }[];
  /** Names of the secrets that are set; never their values. */
  readonly secrets: readonly string[];
  readonly warnings: readonly Problem[];
};

const secretVariables = {
  anthropicApiKey: 'ANTHROPIC_API_KEY',
  anthropicBaseUrl: 'ANTHROPIC_BASE_URL',
  voyageApiKey: 'VOYAGE_API_KEY',
  databaseUrl: 'DATABASE_URL',
  token: 'SWITCHBOARD_TOKEN',
} as const satisfies Record<Exclude<keyof LoadedConfig['secrets'], 'connectors'>, string>;

export function describeConfig({
  config,
  workspace,
  dataset = [],
}: {
  config: LoadedConfig;
  workspace: Workspace;
  /** The tickets of `evaluation.dataset`, where they were read. */
  dataset?: readonly LabelledTicket[];
}): ConfigDescription {
  const { settings, secrets } = config;
  const { taxonomy } = workspace;
  return {
    file: config.file,
    isSample: config.isSample,
    classifier: typeof settings.classifier === 'string' ? settings.classifier : settings.classifier.http,
    taxonomy: {
      file: settings.taxonomy,
      name: taxonomy.name,
      version: taxonomy.version,
      leaves: taxonomy.leaves.length,
    },
    examples: { files: settings.examples, count: workspace.examples.length, outOfScope: workspace.outOfScope.length },
    urgencyPhrases: {
      file: typeof settings.urgency.phrases === 'string' ? settings.urgency.phrases : null,
      count: Object.values(workspace.urgencyPhrases).flatMap((byLanguage) => Object.values(byLanguage).flat()).length,
    },
    teams: settings.teams.length,
    rules: settings.routing.length,
    connectors: Object.entries(settings.connectors).map(([name, { type, mode }]) => ({ name, type, mode })),
    secrets: namesOfSecrets(secrets),
    warnings: [
      ...warnOfMissingParts(config, workspace),
      ...warnOfRules(config),
      ...warnOfAnyGuess(config),
      ...warnOfDanger(config),
      ...warnOfTiers(config, [...workspace.examples, ...workspace.outOfScope, ...dataset]),
      ...warnOfTeams(config),
      ...warnOfCalendars(config),
      ...warnOfUncoveredIntents(config, taxonomy),
      ...warnOfThinIntents(config, workspace),
      ...warnOfLanguages(config, workspace.examples),
      ...warnOfLopsidedMix(config, workspace),
      ...warnOfDelivery(config),
      ...warnOfAuth(config),
      ...warnOfConnectors(config),
    ],
  };
}

function warnOfConnectors(config: LoadedConfig): Problem[] {
  const { settings, secrets } = config;
  const doubts = findEntryDoubts({ settings: settings.connectors, secrets: secrets.connectors, file: '' });
  return [
    ...doubts.map(({ path, message, cure }) => ({ ...placeOf(config, ['connectors', ...path]), message, cure })),
    ...findMissingOwners(config).map(({ connector, message, cure }) =>
      warning(config, ['connectors', connector], message, cure),
    ),
  ];
}

function namesOfSecrets(secrets: LoadedConfig['secrets']): string[] {
  const own = Object.entries(secretVariables).flatMap(([key, variable]) =>
    secrets[key as keyof typeof secretVariables] === null ? [] : [variable],
  );
  const ofConnectors = Object.entries(secrets.connectors).flatMap(([connector, values]) =>
    Object.keys(values).map((secret) => secretVariable({ connector, secret })),
  );
  return [...own, ...ofConnectors];
}

function warning(config: LoadedConfig, path: readonly PropertyKey[], message: string, cure: string): Problem {
  return { ...placeOf(config, path), message, cure };
}

/** Without teams, rules or examples the program runs, but every ticket goes to triage or the engine has to guess. */
function warnOfMissingParts(config: LoadedConfig, workspace: Workspace): Problem[] {
  const { teams, routing, triageTeam } = config.settings;
  const parts: [boolean, string, string, string][] = [
    [teams.length === 0, 'teams', 'there are no teams', `Every ticket goes to "${triageTeam}"; add \`teams\`.`],
    [routing.length === 0, 'routing', 'there are no rules', `Every ticket goes to "${triageTeam}"; add \`routing\`.`],
    [
      workspace.examples.length === 0,
      'examples',
      'there are no examples',
      'The embedded engine has only the words of the taxonomy; add files of labelled tickets to `examples`.',
    ],
  ];
  return parts.flatMap(([isMissing, key, message, cure]) => (isMissing ? [warning(config, [key], message, cure)] : []));
}

/** A rule never matches when an earlier rule already matches all its tickets. */
function warnOfRules(config: LoadedConfig): Problem[] {
  const { routing: rules, triageTeam } = config.settings;
  const countsWhereAbstained = ({ when, then }: RoutingRule) => then.team === triageTeam && !takesAnyGuess(when);
  /** Of automatic mail, a rule that does not name it takes only what is for the triage team. */
  const countsOfAutomatic = ({ when, then }: RoutingRule) => when.automatic === true || then.team === triageTeam;
  const counts = (earlier: RoutingRule, later: RoutingRule) =>
    (later.when.automatic !== true || countsOfAutomatic(earlier)) &&
    (!countsWhereAbstained(later) || countsWhereAbstained(earlier));
  return rules.flatMap((rule, index) => {
    const covering = rules.slice(0, index).find((earlier) => covers(earlier, rule) && counts(earlier, rule));
    return covering === undefined
      ? []
      : [
          warning(
            config,
            ['routing', index, 'name'],
            `the rule "${rule.name}" never matches: "${covering.name}" above it matches all its tickets`,
            'Move it up, or remove it.',
          ),
        ];
  });
}

/** Rules for tickets on which the engine abstained that do not count there, or that a guess worth nothing can meet. */
function warnOfAnyGuess(config: LoadedConfig): Problem[] {
  const { routing: rules, triageTeam } = config.settings;
  const isForUrgency = ({ then }: RoutingRule) => then.priority !== undefined || then.sla !== undefined;
  return rules.flatMap((rule, index) => {
    if (rule.then.team !== triageTeam || !isForUrgency(rule)) return [];
    const fault = faultOfBounds(rule.when);
    if (fault === null) return [];
    const message = `the rule "${rule.name}" leads to "${triageTeam}" ${fault.what}`;
    return [warning(config, ['routing', index, 'when'], message, fault.cure)];
  });
}

function faultOfBounds(when: RoutingRule['when']): { readonly what: string; readonly cure: string } | null {
  const { minConfidence, maxConfidence } = when;
  if (takesAnyGuess(when)) {
    const what =
      'by an intent without a lower bound, so it does not count where the engine abstained: a guess of any confidence would set priority and SLA';
    return { what, cure: 'Add the least confidence that a guess must have, for example `minConfidence: 0.25`.' };
  }
  if (minConfidence !== undefined && minConfidence > 0 && minConfidence < HARDLY_SURE) {
    const what = `from a confidence of ${formatPercent(minConfidence)} on: where the engine abstained, a guess that is right less often than one in ten would set priority and SLA`;
    return { what, cure: 'Raise it, for example to `minConfidence: 0.25`.' };
  }
  if (maxConfidence !== undefined && Object.values(when).filter((value) => value !== undefined).length === 1) {
    const what =
      'by an upper bound of the confidence alone: where the engine abstained, a guess would set priority and SLA the more surely the less it is worth';
    return { what, cure: 'Name a fact of the ticket, such as tier or urgency, or leave the bound out.' };
  }
  return null;
}

/** Whether the earlier rule matches every ticket that the later one matches. */
function covers(earlier: RoutingRule, later: RoutingRule): boolean {
  const [wide, narrow] = [earlier.when, later.when];
  const within = <T extends string>(
    outer: readonly T[] | undefined,
    inner: readonly T[] | undefined,
    fits: (a: T, b: T) => boolean,
  ) => outer === undefined || (inner?.every((item) => outer.some((candidate) => fits(candidate, item))) ?? false);
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  return (
    within(wide.intent, narrow.intent, (parent, intent) => isWithin(intent, parent)) &&
    within(wide.urgency, narrow.urgency, same) &&
    within(
      wide.language,
      narrow.language,
      (outer, inner) => same(outer, inner) || inner.toLowerCase().startsWith(`${outer.toLowerCase()}-`),
    ) &&
    within(wide.tier, narrow.tier, same) &&
    within(wide.channel, narrow.channel, same) &&
    (wide.automatic === undefined || wide.automatic === narrow.automatic) &&
    (wide.minConfidence ?? 0) <= (narrow.minConfidence ?? 0) &&
    (wide.maxConfidence ?? 1) >= (narrow.maxConfidence ?? 1)
  );
}

function warnOfTeams(config: LoadedConfig): Problem[] {
  const { teams, routing, triageTeam, connectors } = config.settings;
  const used = new Set([triageTeam, ...routing.map((rule) => rule.then.team)]);
  return teams.flatMap((team, index) => {
    const unused = used.has(team.id)
      ? []
      : [
          warning(
            config,
            ['teams', index, 'id'],
            `no rule leads to the team "${team.id}"`,
            'Add a rule, or remove the team.',
          ),
        ];
    const unknownOwners = Object.keys(team.owners)
      .filter((name) => !Object.hasOwn(connectors, name))
      .map((name) =>
        warning(
          config,
          ['teams', index, 'owners', name],
          `teams[${index}].owners names the connector "${name}", which does not exist`,
          'Add the connector, or correct the name.',
        ),
      );
    return [...unused, ...unknownOwners];
  });
}

/** Leaves whose ordinary tickets no rule matches: normal urgency, English, no tier, no channel, full confidence. */
function warnOfUncoveredIntents(config: LoadedConfig, taxonomy: Taxonomy): Problem[] {
  const { routing, triageTeam } = resolveIntents(config.settings, taxonomy);
  if (routing.length === 0) return [];
  const uncovered = taxonomy.leaves.filter(
    (leaf) => !routing.some((rule) => matchesCondition(rule.when, { ...ordinaryFacts, intent: leaf.id })),
  );
  if (uncovered.length === 0) return [];
  return [
    warning(
      config,
      ['routing'],
      `no rule matches an ordinary ticket of ${list(uncovered.map((leaf) => leaf.id))}`,
      `Such tickets go to "${triageTeam}"; add rules if you do not want that.`,
    ),
  ];
}

function warnOfLopsidedMix(config: LoadedConfig, { examples, taxonomy }: Workspace): Problem[] {
  const mix = describeLopsidedMix({ examples, intents: taxonomy.leaves.map(({ id }) => id) });
  if (mix === null || examples.length === 0) return [];
  return [warning(config, ['examples'], mix.message, 'Label tickets of these first: ten of each make a difference.')];
}

function warnOfThinIntents(config: LoadedConfig, workspace: Workspace): Problem[] {
  const counts = new Map<string, number>();
  for (const { intent } of workspace.examples) counts.set(intent, (counts.get(intent) ?? 0) + 1);
  if (workspace.examples.length === 0) return []; // there is a warning for that already
  const thin = workspace.taxonomy.leaves.filter((leaf) => (counts.get(leaf.id) ?? 0) < MIN_EXAMPLES_PER_LEAF);
  if (thin.length === 0) return [];
  return [
    warning(
      config,
      ['examples'],
      `there are fewer than ${MIN_EXAMPLES_PER_LEAF} examples for ${list(thin.map((leaf) => leaf.id))}`,
      'Add labelled tickets: the embedded engine learns from them, and Claude gets them in its prompt.',
    ),
  ];
}
